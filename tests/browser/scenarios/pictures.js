/* The pictures in docs/images: `./dev pictures` takes them anew. Small enough to be committed. */

import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { untilServicesAreHeard } from "../harness/services.js";
import { PASSWORD } from "../harness/stage.js";

export const variants = ["desktop"];

const BYTES_MAX = 150_000;
const POSTS = [
    ["How a letter finds its way", "Through a *queue*, of course."],
    ["What the postman saw", "Nothing that he would tell."],
    [
        "Twelve stamps",
        "A letter needs **one** stamp. Why keep twelve?\n\n" +
            "1. One may be lost.\n2. One may be lent.\n3. The other ten are beautiful.\n\n" +
            "> Nothing is lost, nothing is done twice.\n\nSuch is the promise of the post room.",
    ],
];

async function take(person, name) {
    const { folder } = person;
    const place = join(folder, `${name}.png`);
    await person.page.screenshot({ path: place, animations: "disabled" });
    assert.ok(statSync(place).size < BYTES_MAX, `${name}.png is larger than ${BYTES_MAX} bytes`);
}

/* Somebody with a name. */
async function named(stage, email, options = {}) {
    const person = await stage.visitor({ height: 720, ...options });
    await person.post("/api/register", { email, password1: PASSWORD, password2: PASSWORD });
    return Object.assign(person, { email, folder: stage.settings.pictures });
}

export async function are_taken_of_the_main_pages(stage) {
    const folder = stage.settings.pictures;
    const bob = await named(stage, "bob@example.com");
    await bob.write({ title: POSTS[0][0], content: POSTS[0][1] });
    const ann = await named(stage, "ann@example.com");
    await ann.write({ title: POSTS[1][0], content: POSTS[1][1] });
    const post = await ann.write({ title: POSTS[2][0], content: POSTS[2][1] });
    const phone = Object.assign(await stage.visitor({ width: 390, height: 720 }), { folder });
    const admin = Object.assign(await stage.superuser({ height: 720 }), { folder });

    await ann.visit("/");
    await take(ann, "posts");
    await ann.visit(`/posts/${post.id}/edit/`);
    await take(ann, "edit");
    await phone.visit(`/posts/${post.id}/`);
    await phone.page.emulateMedia({ colorScheme: "dark" });
    await take(phone, "post-phone");
    await admin.visit("/admin/users/");
    await take(admin, "admin-users");
    await untilServicesAreHeard(admin);
    await admin.visit("/admin/operations/");
    await take(admin, "operations");
    await admin.visit("/api/schema/swagger-ui/");
    await admin.page.locator(".opblock").first().waitFor();
    await take(admin, "swagger-ui");
}
