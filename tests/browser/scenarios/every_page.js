/* Every page that there is, by anybody. */

import { walk } from "../harness/walk.js";

export const variants = ["desktop", "desktop_no_script", "phone", "phone_no_script"];

export async function is_good_for_a_visitor(stage) {
    await walk(await stage.visitor(), "visitor", stage.settings.pages);
}

export async function is_good_for_a_user(stage) {
    await walk(await stage.author(), "user", stage.settings.pages);
}

export async function is_good_for_the_staff(stage) {
    await walk(await stage.staff(), "staff", stage.settings.pages);
}
