/* The staff looks at what runs, at dead letters and at jobs. */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
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
        await pause(100);
        if (!stage.variant.script) {
            await admin.visit("/admin/operations/");
        }
    }
    await admin.look();
}

const EVENTS = "**/admin/operations/events";
const OVERVIEW = { at: "2026-12-01T07:05:09.000000Z", messages: [], processes: [] };
const PROCESS = {
    service: "gateway",
    host: "elsewhere",
    pid: 4711,
    started_at: "2026-11-30T23:59:00.000000Z",
    heard_at: "2026-12-01T07:05:08.000000Z",
    is_serving: true,
    broker: "up",
};

/* The stream of events says what `next` does, and that again after a moment. */
async function replaceEvents(admin, next) {
    await admin.page.route(EVENTS, async (route) => {
        const data = JSON.stringify({ ...OVERVIEW, ...next() });
        const body = `retry: 50\nevent: overview\ndata: ${data}\n\n`;
        await route.fulfill({ contentType: "text/event-stream", body });
    });
}

/* Until the element with this id says so. */
async function untilTold(admin, id, text) {
    await admin.page.locator(`#operations-${id}`).filter({ hasText: text }).waitFor({ state: "attached" });
}

export async function tells_times_as_the_page_does(stage) {
    if (!stage.variant.script) {
        return;
    }
    const forms = {
        en: /^1 December 2026, 07:05 UTC$/,
        de: /^1\. Dezember 2026, 07:05 UTC$/,
        fr: /^1er décembre 2026, 07:05 UTC$/,
    };
    for (const [language, form] of Object.entries(forms)) {
        const admin = await stage.staff({ language });
        await replaceEvents(admin, () => ({}));

        await admin.visit("/admin/operations/");

        await untilTold(admin, "at", form);
        const time = await admin.page.locator("#operations-at").getAttribute("datetime");
        assert.equal(time, OVERVIEW.at);
    }
}

export async function changes_the_page_in_place(stage) {
    if (!stage.variant.script) {
        return;
    }
    const admin = await stage.staff();
    let overview = { outbox_messages: 1234, outbox_oldest_at: "2026-12-01T07:01:00.000000Z" };
    await replaceEvents(admin, () => overview);
    await admin.visit("/admin/operations/");
    await untilTold(admin, "outbox", /^Messages in the outbox: 1,234, the oldest since 1 December 2026, 07:01 UTC$/);
    await untilTold(admin, "no-process", "No process has been heard of yet.");
    const button = admin.page.getByRole("button", { name: "Pause" });
    await button.focus();

    overview = { outbox_messages: 0, processes: [PROCESS, { ...PROCESS, pid: 4712 }] };
    await untilTold(admin, "processes", "4712");
    const rows = admin.page.locator("#operations-processes tbody tr");
    const line = ["gateway", "elsewhere", "4711", "30 November 2026, 23:59 UTC", "yes", "Up", "–", "–"];
    assert.deepEqual(await rows.first().locator("th, td").allInnerTexts(), line);
    await admin.look();
    await untilTold(admin, "outbox-messages", /^0$/);
    await admin.page.locator("#operations-outbox-oldest").waitFor({ state: "hidden" });

    overview = { processes: [{ ...PROCESS, is_serving: false, broker: "down" }] };
    await untilTold(admin, "processes", "Down");
    assert.equal(await rows.count(), 1);
    assert.equal(await rows.locator("[data-serving]").innerText(), "no");
    await admin.page.locator("#operations-outbox").waitFor({ state: "hidden" });
    assert.ok(await button.evaluate((element) => element === document.activeElement));
}

export async function can_be_paused(stage) {
    const admin = await stage.staff();
    let count = 0;
    await replaceEvents(admin, () => ({ outbox_messages: ++count }));
    await admin.visit("/admin/operations/");
    if (!stage.variant.script) {
        assert.equal(await admin.page.getByText("Pause").isVisible(), false);
        return;
    }
    const shown = admin.page.locator("#operations-outbox-messages");
    await untilTold(admin, "outbox-messages", /^\d+$/);

    await admin.page.getByRole("button", { name: "Pause" }).click();
    const before = await shown.innerText();
    await untilTold(admin, "state", "Paused");
    await admin.look();
    assert.equal(await shown.innerText(), before);

    await admin.page.getByRole("button", { name: "Continue" }).click();
    await shown.filter({ hasNotText: new RegExp(`^${before}$`) }).waitFor();
    assert.equal(await admin.page.locator("#operations-state").innerText(), "");
}

export async function says_when_it_is_no_longer_up_to_date(stage) {
    if (!stage.variant.script) {
        return;
    }
    const admin = await stage.staff();
    admin.expected = /^503 for \S+\/admin\/operations\/events$/;
    await admin.page.route(EVENTS, (route) => route.fulfill({ status: 503 }));

    await admin.visit("/admin/operations/");
    await untilTold(admin, "state", "No longer up to date. Trying to connect again.");
    await admin.look();

    await replaceEvents(admin, () => ({}));
    await untilTold(admin, "state", /^$/);
    await untilTold(admin, "at", "1 December 2026");
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
    await admin.sees("The letter is sent again.");
    await admin.page.getByRole("checkbox").last().check();
    await admin.page.getByText("Drop…").click();
    await admin.look();
    await admin.click("button", "Drop");
    await admin.sees("The letter has been dropped.");
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
