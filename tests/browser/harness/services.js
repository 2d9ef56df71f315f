/* What the page of operations says of the services. */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

const SERVICES = ["command-service", "gateway", "query-service", "scheduler"];
const PATIENCE_MS = 20_000;

/* Until all that run say that they serve; `admin` is of the staff. */
export async function untilServicesAreHeard(admin) {
    const end = Date.now() + PATIENCE_MS;
    for (;;) {
        const page = await admin.context.request.get(`${admin.url}/admin/operations/`);
        const text = await page.text();
        const isHeard = (name) => new RegExp(`data-process="${name} \\S+ \\d+" data-is-serving="true"`).test(text);
        if (SERVICES.every(isHeard)) {
            return;
        }
        assert.ok(Date.now() < end, `not all services have been heard of:\n${text}`);
        await pause(100);
    }
}
