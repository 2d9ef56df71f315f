/* The staff: users, posts and what was changed of them; and those who are none of the staff. */

import assert from "node:assert/strict";
import { newEmail, PASSWORD } from "../harness/stage.js";

export async function is_a_superuser_who_looks_after_users(stage) {
    const admin = await stage.superuser();
    const email = newEmail();

    await admin.visit("/");
    await admin.click("link", "Administration");
    await admin.click("link", "Add a user");
    await admin.submit(
        { "E-mail": email, Password: PASSWORD, "The same password once more": "another one" },
        "Add",
    );
    await admin.hasError("The same password once more");
    await admin.submit({ Password: PASSWORD, "The same password once more": PASSWORD }, "Add");
    await admin.sees("The user has been added.");
    await admin.fill("Staff: may enter the administration", true);
    await admin.click("button", "Save");
    await admin.sees("The user has been changed.");

    await admin.visit("/admin/users/");
    await admin.submit({ "E-mail": email.slice(0, -4), Active: "true", Staff: "true" }, "Search");
    await admin.sees(email);
    await admin.fill("Staff", "false");
    await admin.click("button", "Search");
    await admin.sees("No user is like that.");
}

export async function deactivates_a_user_who_is_signed_out_at_once(stage) {
    const user = await stage.user();
    const admin = await stage.staff();

    await admin.visit(`/admin/users/?search=${encodeURIComponent(user.email)}`);
    await admin.fill(`Choose ${user.email}`, true);
    await admin.page.getByText("Deactivate…").click();
    await admin.look();
    await admin.click("button", "Deactivate");
    await admin.sees("The user has been deactivated.");
    await user.visit("/posts/my/");

    assert.equal(user.path(), "/login/?next=%2Fposts%2Fmy%2F");
    await admin.visit("/admin/log/");
    await admin.sees("changed several users");
    await admin.sees(user.email);
}

export async function deletes_a_user_with_all_posts(stage) {
    const user = await stage.user();
    const admin = await stage.staff();
    const title = `Of one who goes ${newEmail()}`;

    await user.write({ title, status: "published" });
    await admin.visit(`/admin/users/?search=${encodeURIComponent(user.email)}`);
    await admin.click("link", user.email);
    await admin.page.getByText("Delete the user…").click();
    await admin.sees("One post by this user is deleted with them.");
    await admin.look();
    await admin.click("button", "Delete for good");
    await admin.sees("The user has been deleted.");
    await admin.visit("/");
    await admin.seesNot(title);
    await user.visit("/posts/my/");
    assert.equal(user.path(), "/login/?next=%2Fposts%2Fmy%2F");
    await admin.visit("/admin/");
    await admin.sees("deleted a user");
}

export async function sets_a_password(stage) {
    const user = await stage.user();
    const admin = await stage.staff();
    const password = "quite another battery staple";

    await admin.visit(`/admin/users/?search=${encodeURIComponent(user.email)}`);
    await admin.click("link", user.email);
    await admin.seesNot("Superuser: may make others");
    await admin.submit(
        { "New password": password, "The same password once more": password },
        "Set the password",
    );
    await admin.sees("The password has been set.");
    await user.visit("/login/");
    await user.submit({ "E-mail": user.email, Password: password }, "Log in");
    assert.equal(user.path(), "/");
}

export async function looks_after_posts(stage) {
    const author = await stage.user();
    const admin = await stage.staff();
    const title = `Of the staff ${newEmail()}`;

    await admin.visit("/admin/posts/");
    await admin.click("link", "Add a post");
    await admin.submit({ "Find an author": author.email }, "Find");
    await admin.submit(
        { Author: author.email, Title: title, Text: "Text.", Status: "draft" },
        "Add",
    );
    await admin.sees("The post has been created.");
    await admin.submit({ Text: "Other text.", Status: "published" }, "Save");
    await admin.sees("The post has been changed.");

    await admin.visit("/admin/posts/");
    await admin.submit({ Title: title, Status: "published" }, "Search");
    await admin.fill(`Choose “${title}”`, true);
    await admin.click("button", "Make drafts");
    await admin.sees("The post has been made a draft.");
    await admin.sees("No post is like that.");
    await admin.visit(`/admin/posts/?search=${encodeURIComponent(title)}`);
    await admin.click("link", title);
    await admin.page.getByText("Delete…").click();
    await admin.click("button", "Delete for good");
    await admin.sees("The post has been deleted.");
    await admin.visit("/admin/");
    await admin.sees("deleted a post");
}

export async function is_needed_for_the_administration(stage) {
    const user = await stage.user();
    const visitor = await stage.visitor();

    await user.visit("/");
    await user.seesNot("Administration");
    for (const path of ["/admin/", "/admin/users/", "/admin/posts/", "/admin/log/"]) {
        await user.visit(path, { status: 403 });
        await visitor.visit(path);
        assert.equal(visitor.path(), `/login/?next=${encodeURIComponent(path)}`);
    }
}

/* Where a box begins and ends, in the page. */
async function edges(person, selector) {
    const box = await person.page.locator(selector).first().boundingBox();
    return [box.x, box.x + box.width];
}

export async function is_shown_wide_pages_in_one_width(stage) {
    const admin = await stage.staff();

    await admin.visit("/admin/operations/");

    assert.deepEqual(await edges(admin, "header .wide"), await edges(admin, "main"));
    assert.deepEqual(await edges(admin, "footer .wide"), await edges(admin, "main"));
    const figure = admin.page.locator('[data-field="done"]').first();
    assert.equal(await figure.evaluate((cell) => getComputedStyle(cell).textAlign), "right");
}
