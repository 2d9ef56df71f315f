/* The scenario of harness_test.py. */

export async function look(stage) {
    const visitor = await stage.visitor();
    await visitor.visit(stage.settings.page);
}
