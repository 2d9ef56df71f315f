/* Nobody yet: reading, registering, logging in, and what is refused. */

import assert from "node:assert/strict";
import { newEmail, PASSWORD } from "../harness/stage.js";

export async function reads_posts(stage) {
    const author = await stage.user();
    const post = await author.write({ title: "Read by everybody", content: "Some **bold** text." });
    await author.write({ title: "Not read by anybody", status: "draft" });
    const visitor = await stage.visitor();

    await visitor.visit(`/?author=${post.author.id}`);
    await visitor.seesNot("Not read by anybody");
    await visitor.click("link", "Read by everybody");

    assert.equal(visitor.path(), `/posts/${post.id}/`);
    assert.equal(await visitor.page.locator("article strong").innerText(), "bold");
    await visitor.seesNot("Edit");
}

export async function walks_through_the_list(stage) {
    const author = await stage.user();
    const posts = [];
    for (let number = 1; number <= 21; number += 1) {
        posts.push(await author.write({ title: `Page by page ${number}.` }));
    }
    const visitor = await stage.visitor();

    await visitor.visit(`/?author=${posts[0].author.id}`);
    await visitor.sees("Page by page 21.");
    await visitor.seesNot("Page by page 1.");
    await visitor.click("link", "Older");
    await visitor.sees("Page by page 1.");
    await visitor.seesNot("Page by page 2.");
    await visitor.click("link", "Newest");
    await visitor.sees("Page by page 21.");
}

export async function registers(stage) {
    const email = newEmail();
    const visitor = await stage.visitor();

    await visitor.visit("/");
    await visitor.click("link", "Register");
    await visitor.submit(
        { "E-mail": email, Password: PASSWORD, "The same password once more": PASSWORD },
        "Register",
    );

    assert.equal(visitor.path(), "/");
    await visitor.sees("Welcome!");
    await visitor.sees(email);
}

export async function is_told_what_is_wrong_with_a_registration(stage) {
    const { email } = await stage.user();
    const visitor = await stage.visitor();

    await visitor.visit("/registration/");
    await visitor.submit({ "E-mail": "nobody", Password: "short" }, "Register");
    await visitor.hasError("E-mail");
    await visitor.hasError("Password");
    await visitor.submit(
        { "E-mail": email, Password: PASSWORD, "The same password once more": "another one" },
        "Register",
    );
    await visitor.hasError("The same password once more");
    await visitor.submit(
        { "E-mail": email.toUpperCase(), Password: PASSWORD, "The same password once more": PASSWORD },
        "Register",
    );

    assert.equal(visitor.path(), "/registration/");
    await visitor.sees("User with this Email already exists");
    assert.equal(await visitor.value("E-mail"), email.toUpperCase());
    assert.equal(await visitor.value("Password"), "");
}

export async function logs_in_and_out(stage) {
    const { email } = await stage.user();
    const visitor = await stage.visitor();

    await visitor.visit("/");
    await visitor.click("link", "Log in");
    await visitor.submit({ "E-mail": email, Password: "not the password" }, "Log in");
    await visitor.sees("Invalid username or password");
    assert.equal(await visitor.value("E-mail"), email);
    assert.equal(await visitor.value("Password"), "");
    await visitor.submit({ Password: PASSWORD }, "Log in");
    assert.equal(visitor.path(), "/");
    await visitor.sees(email);
    await visitor.click("button", "Log out");

    assert.equal(visitor.path(), "/");
    await visitor.seesNot(email);
    await visitor.sees("You are logged out.");
}

export async function comes_back_after_logging_in(stage) {
    const { email } = await stage.user();
    const visitor = await stage.visitor();

    await visitor.visit("/posts/new/");
    assert.equal(visitor.path(), "/login/?next=%2Fposts%2Fnew%2F");
    await visitor.submit({ "E-mail": email, Password: PASSWORD }, "Log in");

    assert.equal(visitor.path(), "/posts/new/");
}

export async function finds_nothing_where_nothing_is(stage) {
    const author = await stage.user();
    const draft = await author.write({ title: "A secret", status: "draft" });
    const visitor = await stage.visitor();

    await visitor.visit("/no/such/page/", { status: 404 });
    await visitor.visit(`/posts/${draft.id}/`, { status: 404 });

    await visitor.seesNot("A secret");
    await visitor.click("link", "To the posts");
    assert.equal(visitor.path(), "/");
}
