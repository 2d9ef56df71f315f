/* Show the document by Redoc, and make it what people with a screen reader need. */
"use strict";

const root = document.getElementById("document");

/* Its headings skip levels. Its elements come and go, so this is called again after each change. */
function mend() {
    for (const heading of root.querySelectorAll("h5:not([aria-level])")) {
        heading.setAttribute("aria-level", "3");
    }
}

new MutationObserver(mend).observe(root, { childList: true, subtree: true });

/* Searching would take a worker made of text, which the page's policy does not allow. */
window.Redoc.init("/api/schema/", { disableSearch: true, nativeScrollbars: true }, root);
