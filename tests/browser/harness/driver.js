/*
 * Plays scenarios in Debian's chromium for the tests in ../*_test.py: one JSON object a line comes in,
 * {file, name, variant, settings}, and one goes out, {failure: text or null}. Ends with its input.
 */

import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { chromium } from "playwright-core";
import { Stage } from "./stage.js";

const SCENARIO_MS = 120_000; /* machines may be busy */

const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    /* The sandbox needs rights that root in a container does not have; what is visited is our own. */
    args: process.getuid() === 0 ? ["--no-sandbox"] : [],
});

/* The reason, and where in the scenario. */
function describe(error) {
    const places = (error.stack ?? "").split("\n").filter((line) => line.includes("/scenarios/"));
    return [error.message ?? String(error), ...places].join("\n");
}

/* Rejects when it is over. */
async function endOfPatience(signal) {
    await pause(SCENARIO_MS, undefined, { signal });
    throw new Error(`it takes longer than ${SCENARIO_MS} ms`);
}

async function play(order) {
    const stage = new Stage(browser, order.variant, order.settings);
    const patience = new AbortController();
    try {
        const scenarios = await import(new URL(`../scenarios/${order.file}`, import.meta.url));
        await Promise.race([scenarios[order.name](stage), endOfPatience(patience.signal)]);
        await stage.finish();
        return null;
    } catch (error) {
        return `${describe(error)}\n${await stage.describe()}`;
    } finally {
        patience.abort();
        await stage.close();
    }
}

for await (const line of createInterface({ input: process.stdin })) {
    const failure = await play(JSON.parse(line));
    process.stdout.write(`${JSON.stringify({ failure })}\n`);
}
await browser.close();
