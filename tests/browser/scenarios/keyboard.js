/* Without a mouse. */

import assert from "node:assert/strict";
import { PASSWORD } from "../harness/stage.js";

export const variants = ["desktop", "desktop_no_script"];

async function focused(person) {
    return await person.page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
        const isMarked = outlineStyle !== "none" && outlineWidth !== "0px";
        return { text: document.activeElement.textContent.trim(), isMarked };
    });
}

/* Press Tab until something with this text has the focus; all that has it on the way shows it. */
async function tabTo(person, text) {
    for (let count = 0; count < 40; count += 1) {
        await person.page.keyboard.press("Tab");
        const found = await focused(person);
        assert.ok(found.isMarked, `nothing shows that "${found.text}" has the focus`);
        if (found.text === text) {
            return;
        }
    }
    assert.fail(`"${text}" cannot be reached by Tab`);
}

export async function skips_to_the_content(stage) {
    const visitor = await stage.visitor();

    await visitor.visit("/");
    await visitor.page.keyboard.press("Tab");
    assert.equal((await focused(visitor)).text, "Skip to content");
    await visitor.look();
    await visitor.page.keyboard.press("Enter");

    assert.equal(await visitor.page.evaluate(() => document.activeElement.localName), "main");
}

export async function logs_in_by_keyboard(stage) {
    const { email } = await stage.user();
    const visitor = await stage.visitor();

    await visitor.visit("/");
    await tabTo(visitor, "Log in");
    await visitor.follow(() => visitor.page.keyboard.press("Enter"));
    await visitor.page.getByLabel("E-mail").focus();
    await visitor.page.keyboard.type(email);
    await visitor.page.keyboard.press("Tab");
    await visitor.page.keyboard.type(PASSWORD);
    await visitor.follow(() => visitor.page.keyboard.press("Enter"));

    await visitor.sees(email);
}
