/* Show the document by Swagger UI, and mend what people with a screen reader stumble over. */
"use strict";

const root = document.getElementById("document");

/* By selector: attributes that it leaves out. */
const mendings = [
    [".information-container", { role: "region", "aria-label": "About the API" }],
    [".scheme-container", { role: "region", "aria-label": "Servers and authorization" }],
    ["#servers", { "aria-label": "Server" }],
    ["select.examples-select-element", { "aria-label": "Example" }],
    ["select:not([aria-label])", { "aria-label": "Value" }],
    ["textarea.body-param__text", { "aria-label": "Body" }],
    [".responses-table", { role: "table" }],
    ["h3", { "aria-level": "2" }],
    ["h4", { "aria-level": "3" }],
    ["h5", { "aria-level": "4" }],
];

/* Its elements come and go, so this is done again after each change. */
function mend() {
    for (const [selector, attributes] of mendings) {
        for (const element of root.querySelectorAll(selector)) {
            for (const [name, value] of Object.entries(attributes)) {
                if (element.getAttribute(name) !== value) {
                    element.setAttribute(name, value);
                }
            }
        }
    }
}

new MutationObserver(mend).observe(root, { childList: true, subtree: true });

window.SwaggerUIBundle({
    url: "/api/schema/",
    domNode: root,
    validatorUrl: null,
    syntaxHighlight: false, /* its colours cannot be told apart by everybody */
});
