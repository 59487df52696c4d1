import { readFileSync } from "node:fs";
import { join } from "node:path";
import { OutsideError, root, run } from "./shell.mjs";

/**
 * @typedef {{ packages: Record<string, { version?: string, link?: boolean, optional?: boolean } | undefined> }} LockFile
 */

/** Installs the npm packages of the lock file, unless exactly those are there. */
export async function ensureNodeModules() {
  const wanted = readLock("package-lock.json");
  if (wanted !== undefined && sameVersions(wanted, readLock("node_modules/.package-lock.json"))) return;
  console.log("set-up: npm ci");
  const { code, output } = await run("npm", ["ci", "--no-audit", "--no-fund"], { quiet: true });
  if (code === 0) return;
  throw new OutsideError(`${output.trim()}\n\`npm ci\` failed: the set-up needs the network to reach the npm registry`);
}

/**
 * Whether `installed` (npm's record of what it put in place) has everything that `wanted` asks for. Optional packages
 * are those of other machines.
 * @param {LockFile} wanted
 * @param {LockFile | undefined} installed
 */
export const sameVersions = (wanted, installed) =>
  installed !== undefined &&
  Object.entries(wanted.packages).every(
    ([path, entry]) =>
      !path.startsWith("node_modules/") ||
      entry?.optional === true ||
      installed.packages[path]?.version === entry?.version,
  );

/**
 * @param {string} path
 * @returns {LockFile | undefined}
 */
function readLock(path) {
  try {
    return /** @type {LockFile} */ (JSON.parse(readFileSync(join(root, path), "utf8")));
  } catch {
    return undefined;
  }
}
