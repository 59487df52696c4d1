import { join } from "node:path";
import { ensureDebianPackages } from "./debian.mjs";
import { ensureTools } from "./install.mjs";
import { ensureNodeModules } from "./node-modules.mjs";
import { BuildError, OutsideError, root, run } from "./shell.mjs";

/**
 * Brings a machine from "Node and git" to where `scope` can run; quick and silent where nothing is to do.
 * @param {import("./needs.mjs").Scope} scope
 */
export async function setUp(scope) {
  requireNode();
  await ensureTools(scope);
  await ensureNodeModules();
  if (scope === "test") await ensureDebianPackages();
  await build("the command line tool", process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b"]);
  await build("its bundle", process.execPath, [join(root, "scripts/bundle.mjs")]);
  await build("the hypervisor core", "make", ["-s", "-C", "hypervisor"]);
  await build("the bare-metal guests", "make", ["-s", "-C", "fixtures/guests"]);
}

function requireNode() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new OutsideError(`Node ${process.versions.node} is too old: xenimg needs 20.19 or later (https://nodejs.org)`);
}

/** @param {string} what @param {string} program @param {readonly string[]} args */
async function build(what, program, args) {
  const { code, output } = await run(program, args, { quiet: true });
  if (code !== 0) throw new BuildError(`${output.trim()}\nbuilding ${what} failed`);
}
