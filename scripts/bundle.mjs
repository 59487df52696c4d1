/**
 * Puts the built program into few files, `dist/bundle`: Node takes longer to find 350 modules than to run them. Needs
 * what `npm ci` and `tsc -b` leave. The packages from outside come with it, and so do their licences.
 */
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { root, start } from "./lib/shell.mjs";

const entries = ["cli/start", "cli/evaluation/process", "cli/evaluation/worker"];
const target = join(root, "dist", "bundle");

/** @param {readonly string[]} modules absolute paths of all that was bundled */
function licences(modules) {
  const packages = new Set(modules.flatMap((path) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (file === undefined) throw new Error(`${name} comes without its licence`);
      return `${name} ${version} (${license})\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}

await start(async () => {
  const bundle = await rolldown({
    cwd: root,
    input: Object.fromEntries(entries.map((entry) => [entry, join(root, "dist", `${entry}.js`)])),
    platform: "node",
    // It loads the rest of itself from beside its own file.
    external: ["jiti"],
  });
  const fresh = `${target}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const { output } = await bundle.write({ dir: fresh, format: "esm", chunkFileNames: "[name]-[hash].js" });
  const modules = output.flatMap((part) => (part.type === "chunk" ? part.moduleIds : []));
  writeFileSync(join(fresh, "licences.txt"), licences(modules));
  if (existsSync(target)) rmSync(target, { recursive: true });
  renameSync(fresh, target);
  return 0;
});
