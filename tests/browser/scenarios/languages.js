/* Each language, in a browser that asks for it, and by choice. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { newEmail } from "../harness/stage.js";

const CATALOGUES = new URL("../../../common/language/catalogues/", import.meta.url);
const LANGUAGES = [
    { language: "en-GB", tag: "en" },
    { language: "de-AT", tag: "de" },
    { language: "fr-CA", tag: "fr" },
    { language: "nl-NL", tag: "en" }, /* there is no Dutch */
];

/* A text as people see it. */
function translated(tag, text) {
    if (tag === "en") {
        return text;
    }
    const catalogue = readFileSync(new URL(`${tag}.po`, CATALOGUES), "utf8");
    const found = catalogue.match(new RegExp(`^msgid "${text}"\nmsgstr "(.+)"$`, "m"));
    assert.notEqual(found, null, `"${text}" is not in ${tag}.po`);
    return found[1];
}

async function languageOf(person) {
    return await person.page.locator("html").getAttribute("lang");
}

export async function is_the_one_that_the_browser_asks_for(stage) {
    for (const { language, tag } of LANGUAGES) {
        const logIn = translated(tag, "Log in");
        const visitor = await stage.visitor({ language });

        await visitor.visit("/");
        assert.equal(await languageOf(visitor), tag);
        await visitor.page.getByRole("heading", { name: translated(tag, "Posts"), level: 1 }).waitFor();
        await visitor.click("link", logIn);
        await visitor.page.locator("#username").fill(newEmail());
        await visitor.page.locator("#password").fill("not a password");
        await visitor.click("button", logIn);
        await visitor.sees(translated(tag, "Invalid username or password"));
    }
}

export async function is_the_one_that_was_chosen(stage) {
    const visitor = await stage.visitor({ language: "de" });

    await visitor.visit("/registration/");
    assert.equal(await languageOf(visitor), "de");
    await visitor.click("button", "Français");
    assert.equal(await languageOf(visitor), "fr");
    assert.equal(visitor.path(), "/registration/");
    await visitor.visit("/");
    await visitor.page.getByRole("heading", { name: translated("fr", "Posts"), level: 1 }).waitFor();
}
