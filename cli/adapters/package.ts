import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of this package: the program may run from sources or built, the files beside it are the same. */
export const packageRoot: string = findRoot(dirname(fileURLToPath(import.meta.url)));

function findRoot(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : findRoot(dirname(folder));
}

export const version: string = (
  JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string }
).version;

/** The hypervisor core that images are linked with unless another is named. */
export const coreImage: string = join(packageRoot, "hypervisor", "build", "core.img");

/** The same with what domains need that drive devices for each other: for systems with PV links. */
export const pvCoreImage: string = join(packageRoot, "hypervisor", "build", "core-pv.img");

/** The program that image.efi begins with. */
export const efiStub: string = join(packageRoot, "hypervisor", "build", "efi-stub.bin");

/** What a bundle is made of, by the file that says when it changed: our code, dtc-js's, the packages from outside. */
const ingredients = ["dist/.tsbuildinfo", "compiler/dtc-js/dist/.tsbuildinfo", "node_modules/.package-lock.json"];

const modified = (path: string): number | undefined =>
  statSync(join(packageRoot, path), { throwIfNoEntry: false })?.mtimeMs;

/**
 * The absolute path of an entry of the built program, such as "cli/start.js": in the bundle that `npm run build` makes
 * (scripts/bundle.mjs), which loads in half the time, or as the compiler left it where that is newer.
 */
export function builtCode(entry: string): string {
  const bundle = modified(join("dist/bundle", entry));
  const fresh = bundle !== undefined && ingredients.every((path) => (modified(path) ?? 0) <= bundle);
  return join(packageRoot, "dist", fresh ? "bundle" : "", entry);
}
