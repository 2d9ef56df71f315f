/* Every page in the languages that other scenarios do not speak. */

import assert from "node:assert/strict";
import { walk } from "../harness/walk.js";

export const variants = ["desktop"];

async function isGood(stage, language) {
    const people = {
        visitor: await stage.visitor({ language }),
        user: await stage.author({ language }),
        staff: await stage.superuser({ language }),
    };
    for (const [who, person] of Object.entries(people)) {
        const isFor = ({ user, statuses }) =>
            statuses[who] === 200 && user === { visitor: "optional", user: "required", staff: "staff" }[who];
        await walk(person, who, stage.settings.pages.filter(isFor));
        assert.equal(await person.page.locator("html").getAttribute("lang"), language);
    }
}

export async function is_good_in_german(stage) {
    await isGood(stage, "de");
}

export async function is_good_in_french(stage) {
    await isGood(stage, "fr");
}
