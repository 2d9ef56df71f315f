/* The staff looks at what runs, at dead letters and at jobs. */

import assert from "node:assert/strict";
import { untilServicesAreHeard } from "../harness/services.js";

export async function shows_processes_and_messages(stage) {
    const admin = await stage.staff();
    await untilServicesAreHeard(admin);
    const row = '[data-message="posts.create"] [data-field="done"]';
    const done = async () => Number(await admin.page.locator(row).innerText());

    await admin.visit("/admin/operations/");
    await admin.sees("command-service");
    const before = await done();
    const author = await stage.user();
    await author.write();

    /* By events where script is on, else by loading it again. */
    const end = Date.now() + 20_000;
    while ((await done()) === before) {
        assert.ok(Date.now() < end, "the page does not get to know of the post");
        if (!stage.variant.script) {
            await admin.visit("/admin/operations/");
        }
    }
    await admin.look();
}

export async function loads_itself_again_only_when_asked_to(stage) {
    const admin = await stage.staff();
    await untilServicesAreHeard(admin);
    const choice = admin.page.locator('a[href="/admin/operations/?refresh=yes"]');

    await admin.visit("/admin/operations/");
    assert.equal(await choice.count(), stage.variant.script ? 0 : 1);
    if (!stage.variant.script) {
        /* Not looked at: it would be gone in the middle of it. */
        await choice.click();
        await admin.page.waitForURL("**/admin/operations/?refresh=yes");
        await admin.page.waitForResponse((response) => response.url().includes("refresh=yes"));
    }
}

export async function sends_letters_again_and_drops_them(stage) {
    const admin = await stage.staff();
    await untilServicesAreHeard(admin);

    await admin.visit("/admin/operations/");
    await admin.click("link", "Dead letters");
    const letters = admin.page.locator('td a[href^="/admin/operations/dead-letters/"]');
    await admin.follow(() => letters.first().click());
    await admin.sees("not_found");
    await admin.page.goBack();
    await admin.page.getByRole("checkbox").first().check();
    await admin.click("button", "Send again");
    await admin.sees("The letters are sent again.");
    await admin.page.getByRole("checkbox").last().check();
    await admin.page.getByText("Drop…").click();
    await admin.look();
    await admin.click("button", "Drop");
    await admin.sees("The letters have been dropped.");
}

export async function runs_a_job(stage) {
    const admin = await stage.staff();

    await admin.visit("/admin/operations/jobs/");
    await admin.follow(() => admin.page.getByRole("button", { name: /^Run now: / }).first().click());

    await admin.sees("The job has been started.");
}

export async function tells_everybody_how_postroom_is(stage) {
    const visitor = await stage.visitor();

    await visitor.visit("/ht/");

    await visitor.page.getByRole("heading", { name: "How Postroom is" }).waitFor();
}
