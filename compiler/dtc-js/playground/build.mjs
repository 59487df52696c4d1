/** Builds the page into a folder of three files, `dist/playground`: it works from a server and from file://. */
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = process.argv[2] ?? fileURLToPath(new URL("../dist/playground", import.meta.url));

// A classic script: browsers import no module from file://.
const bundle = await rolldown({ input: `${here}main.ts`, platform: "browser" });
rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
await bundle.write({
  file: `${target}/playground.js`,
  format: "iife",
  minify: true,
  postBanner: "/* dtc-js. SPDX-License-Identifier: Apache-2.0 */",
});
await bundle.close();
for (const file of ["index.html", "playground.css"]) cpSync(`${here}${file}`, `${target}/${file}`);
console.log(target);
