/* What AsyncAPI's own parser has to say of a document: parse_asyncapi.js <file>. Status 1: something. */

import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const WARNING = 1; /* 0: error, 2: information, 3: hint */

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], "utf8"));
const found = diagnostics.filter((each) => each.severity <= WARNING);
for (const each of found) {
    console.log(`${each.path.join(".")}: ${each.code}: ${each.message}`);
}
if (document === undefined && found.length === 0) {
    console.log("the parser returns no document");
}
process.exitCode = document === undefined || found.length > 0 ? 1 : 0;
