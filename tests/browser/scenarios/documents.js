/* The API's documents, and trying the API out by them. */

import assert from "node:assert/strict";
import { newEmail, PASSWORD } from "../harness/stage.js";

export const variants = ["desktop", "phone"];

/* Open an operation of Swagger UI, have it sent with this body, and return what came back. */
async function tryOut(person, method, path, body) {
    const block = person.page.locator(`.opblock-${method}:has([data-path="${path}"])`);
    await block.locator(".opblock-summary-control").click();
    await block.getByRole("button", { name: "Try it out" }).click();
    if (body !== undefined) {
        await block.getByLabel("Body").fill(JSON.stringify(body));
    }
    await person.look();
    await block.getByRole("button", { name: "Execute" }).click();
    const response = block.locator(".live-responses-table .response");
    await response.waitFor();
    await person.look();
    return {
        status: await response.locator(".response-col_status").innerText(),
        body: JSON.parse(await response.locator(".highlight-code pre").first().innerText()),
    };
}

export async function swagger_ui_tries_out_the_running_gateway(stage) {
    const email = newEmail();
    const visitor = await stage.visitor();

    await visitor.visit("/api/schema/swagger-ui/");
    await visitor.page.getByRole("heading", { name: "Postroom" }).waitFor();
    await visitor.page.locator(".opblock").first().waitFor();
    await visitor.look();
    const fields = { email, password1: PASSWORD, password2: PASSWORD };
    const registered = await tryOut(visitor, "post", "/api/register", fields);
    const me = await tryOut(visitor, "get", "/api/me");

    assert.equal(registered.status, "200");
    assert.equal(registered.body.email, email);
    assert.equal(me.status, "200");
    assert.equal(me.body.email, email);
}

export async function redoc_shows_every_operation(stage) {
    const visitor = await stage.visitor();
    const document = await visitor.context.request.get(`${stage.settings.url}/api/schema/`);
    const paths = Object.values((await document.json()).paths);
    const titles = paths.flatMap((path) => Object.values(path).map((each) => each.summary));

    await visitor.visit("/api/schema/redoc/");
    await visitor.page.getByRole("heading", { name: "Postroom" }).waitFor();
    for (const title of titles) {
        await visitor.page.getByRole("heading", { name: title, level: 2 }).waitFor();
    }
    await visitor.look();
}
