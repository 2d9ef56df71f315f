/* Somebody who is signed in: writing, changing, deleting, and what is refused. */

import assert from "node:assert/strict";

export async function writes_changes_and_deletes_a_post(stage) {
    const user = await stage.user();

    await user.visit("/posts/my/");
    await user.sees("You have not written anything yet.");
    await user.click("link", "Write a post");
    await user.submit({ Title: "A draft", Text: "# Heading\n\nText.", Status: "draft" }, "Save");
    await user.sees("The post has been created.");
    assert.equal(await user.page.locator("article .tag").innerText(), "Draft");

    await user.click("link", "Edit");
    assert.equal(await user.value("Text"), "# Heading\n\nText.");
    await user.submit({ Title: "Published", Status: "published" }, "Save");
    await user.sees("The post has been changed.");
    assert.equal(await user.page.locator("article .tag").count(), 0);

    await user.page.getByText("Delete…").click();
    await user.look();
    await user.click("button", "Delete for good");
    assert.equal(user.path(), "/posts/my/");
    await user.sees("The post has been deleted.");
    await user.seesNot("Published");
}

export async function is_told_what_is_wrong_with_a_post(stage) {
    const user = await stage.user();

    await user.visit("/posts/new/");
    await user.submit({ Title: "   ", Text: "Kept.", Status: "published" }, "Save");

    assert.equal(user.path(), "/posts/new/");
    await user.hasError("Title");
    assert.equal(await user.value("Text"), "Kept.");
    assert.equal(await user.value("Status"), "published");
}

export async function sees_own_drafts_and_nobody_elses(stage) {
    const other = await stage.user();
    const draft = await other.write({ title: "Of somebody else", status: "draft" });
    const post = await other.write({ title: "Published by somebody else" });
    const user = await stage.user();
    await user.write({ title: "My own draft", status: "draft" });

    await user.visit("/posts/my/");
    await user.sees("My own draft");
    await user.seesNot("Of somebody else");
    await user.visit(`/posts/${draft.id}/`, { status: 404 });
    await user.visit(`/posts/${post.id}/edit/`, { status: 404 });
    await user.visit(`/posts/${post.id}/`);
    await user.seesNot("Edit");
}
