/* What a scenario gets: people with browsers of their own, and what the test knows. */

import { Person } from "./person.js";

export const PASSWORD = "correct horse battery staple";

let count = 0;

/* An e-mail address that nobody has yet. */
export function newEmail() {
    count += 1;
    return `${process.pid}-${count}-${Date.now()}@example.com`;
}

export class Stage {
    /*
     * variant: {width, height, script, language?}
     * settings: {url, author, staff, superuser: {email, password} each, pages, pictures}
     */
    constructor(browser, variant, settings) {
        this.browser = browser;
        this.variant = variant;
        this.settings = settings;
        this.people = [];
    }

    /* Somebody who has never been here; options as those of a variant. */
    async visitor(options = {}) {
        const variant = { ...this.variant, ...options };
        const person = await Person.arrive(this.browser, this.settings.url, variant);
        this.people.push(person);
        return person;
    }

    /* Somebody who has registered and is signed in; `person.email`. */
    async user(options = {}) {
        const person = await this.visitor(options);
        const email = newEmail();
        await person.post("/api/register", { email, password1: PASSWORD, password2: PASSWORD });
        person.email = email;
        return person;
    }

    /* Somebody whose posts settings.pages has. */
    async author(options = {}) {
        return await this.#known(this.settings.author, options);
    }

    /* A member of the staff, signed in. */
    async staff(options = {}) {
        return await this.#known(this.settings.staff, options);
    }

    /* One who may grant, too. */
    async superuser(options = {}) {
        return await this.#known(this.settings.superuser, options);
    }

    async #known({ email, password }, options) {
        const person = await this.visitor(options);
        await person.post("/api/login", { username: email, password });
        person.email = email;
        return person;
    }

    /* What was noticed after the last look. */
    async finish() {
        for (const person of this.people) {
            person.checkNoticed();
        }
    }

    async describe() {
        const texts = await Promise.all(this.people.map((person) => person.describe()));
        return texts.join("\n");
    }

    async close() {
        await Promise.all(this.people.map((person) => person.leave()));
    }
}
