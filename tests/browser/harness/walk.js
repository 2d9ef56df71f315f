/* To every page of the site: as somebody sees it, or is refused it. */

import assert from "node:assert/strict";

/* `who` is "visitor", "user" or "staff"; settings.pages says which status each of them gets. */
export async function walk(person, who, pages) {
    assert.ok(pages.length > 0);
    for (const { path, statuses } of pages) {
        const status = statuses[who];
        await person.visit(path, { status: status === 302 ? 200 : status });
        const shown = status === 302 ? `/login/?next=${encodeURIComponent(path)}` : path;
        assert.equal(person.path(), shown);
    }
}
