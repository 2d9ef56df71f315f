/* Somebody with a browser, who looks closely at every page. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const AXE = readFileSync(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const STEP_MS = 20_000; /* machines may be busy */

/*
 * Runs in the page. Where the page's own script is off, none of its timers goes off either, and axe would
 * wait for them for ever; what is run from here still may use promises.
 */
function replaceTimers() {
    window.setTimeout = (action, _milliseconds, ...values) => {
        void Promise.resolve().then(() => action(...values));
        return 0;
    };
}

/* Runs in the page: a colour half way between two is nobody's choice. */
function endTransitions() {
    for (const animation of document.getAnimations()) {
        if (animation instanceof CSSTransition) {
            animation.finish();
        }
    }
}

/* Runs in the page. */
async function findViolations() {
    const found = await window.axe.run(document, { resultTypes: ["violations"] });
    return found.violations.map(({ id, help, nodes }) => {
        const places = nodes.slice(0, 3).map((node) => {
            const why = node.failureSummary.split("\n").slice(1).join(" ").trim();
            return `    ${node.html.slice(0, 200)}\n        ${why}`;
        });
        return `axe: ${id}: ${help} (${nodes.length})\n${places.join("\n")}`;
    });
}

/* Runs in the page: what axe sees of it, without what differs from visit to visit. */
function readMarkup() {
    const shown = document.documentElement.outerHTML.replaceAll(/value="[\w.-]{20,}"|\d+/g, "");
    return `${shown} ${document.querySelectorAll(":focus, [open], :checked").length}`;
}

/* Runs in the page: what makes it wider than the window, if it is. */
function findOverflow() {
    const { clientWidth, scrollWidth } = document.documentElement;
    const wide = [...document.body.querySelectorAll("*")].filter(
        (element) => element.getBoundingClientRect().right > clientWidth + 1,
    );
    return scrollWidth > clientWidth + 1
        ? wide.slice(0, 3).map((element) => element.outerHTML.slice(0, 120))
        : [];
}

/* Pages that axe has found to be good. */
const looked = new Set();

export class Person {
    static async arrive(browser, url, variant) {
        const context = await browser.newContext({
            viewport: { width: variant.width, height: variant.height },
            javaScriptEnabled: variant.script,
            locale: variant.language ?? "en",
            colorScheme: "light",
            reducedMotion: "reduce",
        });
        context.setDefaultTimeout(STEP_MS);
        const person = new Person(context, url, variant);
        person.page = await context.newPage();
        person.#listen();
        return person;
    }

    constructor(context, url, variant) {
        this.context = context;
        this.url = url;
        this.variant = variant;
        this.noticed = []; /* what must not happen */
        this.expected = null; /* a RegExp: what may happen all the same */
    }

    #listen() {
        this.page.on("console", (message) => {
            /* That a page is a 404 is said here, too; of a page it is looked at by visit. */
            const isStatus = message.text().startsWith("Failed to load resource: the server resp");
            if (message.type() === "error" && !isStatus) {
                this.noticed.push(`console: ${message.text()}`);
            }
        });
        this.page.on("pageerror", (error) => this.noticed.push(`script: ${error}`));
        this.page.on("request", (request) => {
            const { protocol, origin } = new URL(request.url());
            if (protocol !== "data:" && origin !== this.url) {
                this.noticed.push(`request to elsewhere: ${request.url()}`);
            }
        });
        this.page.on("response", (response) => {
            if (response.status() >= 400 && !response.request().isNavigationRequest()) {
                this.#noticeUnexpected(`${response.status()} for ${response.url()}`);
            }
        });
    }

    #noticeUnexpected(text) {
        if (this.expected === null || !this.expected.test(text)) {
            this.noticed.push(text);
        }
    }

    /* Go to a path, and look at the page. */
    async visit(path, { status = 200 } = {}) {
        const response = await this.page.goto(this.url + path);
        assert.equal(response.status(), status, `the status of ${path}`);
        await this.look();
        return response;
    }

    /* Do what leads to another page, and look at that. */
    async follow(action, { status = 200 } = {}) {
        const [response] = await Promise.all([
            this.page.waitForEvent("response", (each) => {
                const isRedirect = each.status() >= 300 && each.status() < 400;
                return each.request().isNavigationRequest() && !isRedirect;
            }),
            this.page.waitForEvent("framenavigated", (frame) => frame === this.page.mainFrame()),
            action(),
        ]);
        await this.page.waitForLoadState();
        assert.equal(response.status(), status, `the status of ${response.url()}`);
        await this.look();
        return response;
    }

    /* Click a link or a button that leads to another page, by its text. */
    async click(role, name, options = {}) {
        const target = this.page.getByRole(role, { name, exact: true });
        return await this.follow(() => target.click(), options);
    }

    /* Fill in fields by their labels, and press the button. */
    async submit(fields, button, options = {}) {
        for (const [label, value] of Object.entries(fields)) {
            await this.fill(label, value);
        }
        return await this.click("button", button, options);
    }

    async fill(label, value) {
        const field = this.page.getByLabel(label, { exact: true });
        if (typeof value === "boolean") {
            await field.setChecked(value);
        } else if ((await field.evaluate((element) => element.localName)) === "select") {
            await field.selectOption(value);
        } else {
            await field.fill(value);
        }
    }

    async value(label) {
        return await this.page.getByLabel(label, { exact: true }).inputValue();
    }

    /* The field is marked as wrong, and says why to those who hear it, too. */
    async hasError(label) {
        const field = this.page.getByLabel(label, { exact: true });
        assert.equal(await field.getAttribute("aria-invalid"), "true", `${label} is not marked`);
        const [id] = (await field.getAttribute("aria-describedby")).split(" ");
        const text = await this.page.locator(`#${id}`).innerText();
        assert.notEqual(text.trim(), "", `${label} has no message`);
    }

    /* All that a page must be, in light and in dark colours. */
    async look() {
        this.checkNoticed();
        const where = `${this.path()} (${this.variant.width} wide)`;
        const overflow = await this.page.evaluate(findOverflow);
        assert.equal(overflow.length, 0, `${where} is wider than the window:\n${overflow.join("\n")}`);
        const markup = `${this.variant.width} ${await this.page.evaluate(readMarkup)}`;
        if (!looked.has(markup)) {
            for (const colorScheme of ["light", "dark"]) {
                await this.page.emulateMedia({ colorScheme });
                await this.#checkByAxe(`${where}, ${colorScheme}`);
            }
            await this.page.emulateMedia({ colorScheme: "light" });
            looked.add(markup);
        }
        this.checkNoticed();
    }

    async #checkByAxe(where) {
        if (!(await this.page.evaluate(() => "axe" in window))) {
            if (!this.variant.script) {
                await this.page.evaluate(replaceTimers);
            }
            await this.page.evaluate(AXE);
        }
        await this.page.evaluate(endTransitions);
        const violations = await this.page.evaluate(findViolations);
        assert.equal(violations.length, 0, `${where}:\n${violations.join("\n")}`);
    }

    checkNoticed() {
        const noticed = this.noticed.splice(0);
        assert.equal(noticed.length, 0, `${this.path()}:\n${noticed.join("\n")}`);
    }

    path() {
        const { pathname, search } = new URL(this.page.url());
        return pathname + search;
    }

    /* The page has this text. */
    async sees(text) {
        await this.page.getByText(text).first().waitFor();
    }

    async seesNot(text) {
        assert.equal(await this.page.getByText(text).count(), 0, `${text} is on ${this.path()}`);
    }

    /* Ask the API beside the pages, with this person's cookies; the body of the answer. */
    async post(path, fields) {
        const response = await this.context.request.post(this.url + path, { data: fields });
        assert.ok(response.ok(), `${path}: ${response.status()} ${await response.text()}`);
        return await response.json();
    }

    /* Write a post by the API. */
    async write(fields = {}) {
        const post = { title: "Hello", content: "World", status: "published", ...fields };
        return await this.post("/api/posts", post);
    }

    async picture(place) {
        await this.page.screenshot({ path: place });
    }

    async describe() {
        const text = await this.page.innerText("body").catch(() => "");
        return `${this.email ?? "the visitor"} is at ${this.page.url()}, which says:\n${text.slice(0, 600)}`;
    }

    async leave() {
        await this.context.close();
    }
}
