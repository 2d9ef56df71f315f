/* What harness_test.py and trouble_test.py have looked at. */

import { newEmail, PASSWORD } from "./stage.js";

export async function look(stage) {
    const { page, status } = stage.settings;
    const visitor = await stage.visitor();
    await visitor.visit(page, { status });
}

/* A registration that takes longer than one waits for it. */
export async function waits(stage) {
    const visitor = await stage.visitor();
    await visitor.visit("/registration/");
    await visitor.submit(
        { "E-mail": newEmail(), Password: PASSWORD, "The same password once more": PASSWORD },
        "Register",
        { status: 202 },
    );
    await visitor.sees("We have your request");
}
