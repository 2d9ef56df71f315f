/* One's own password and sessions. */

import assert from "node:assert/strict";
import { PASSWORD } from "../harness/stage.js";

const NEW_PASSWORD = "quite another battery staple";

export async function changes_the_password_and_ends_all_other_sessions(stage) {
    const user = await stage.user();
    const elsewhere = await stage.visitor();
    await elsewhere.post("/api/login", { username: user.email, password: PASSWORD });

    await user.visit("/account/");
    await user.submit(
        {
            "Old password": "not the password",
            "New password": NEW_PASSWORD,
            "The same password once more": NEW_PASSWORD,
        },
        "Change the password",
    );
    await user.hasError("Old password");
    await user.submit(
        {
            "Old password": PASSWORD,
            "New password": NEW_PASSWORD,
            "The same password once more": NEW_PASSWORD,
        },
        "Change the password",
    );
    await user.sees("Your password has been changed.");
    await elsewhere.visit("/posts/my/");

    assert.equal(elsewhere.path(), "/login/?next=%2Fposts%2Fmy%2F");
}

export async function ends_a_session(stage) {
    const user = await stage.user();
    const elsewhere = await stage.visitor();
    await elsewhere.post("/api/login", { username: user.email, password: PASSWORD });

    await user.visit("/account/");
    await user.sees("This session");
    await user.follow(() => user.page.getByRole("button", { name: /^End the session/ }).click());
    await user.sees("The session has ended.");
    await elsewhere.visit("/account/");

    assert.equal(elsewhere.path(), "/login/?next=%2Faccount%2F");
}
