import { readFileSync } from "node:fs";
import type { Entry } from "./cpio.ts";
import type { Machine } from "./machine.ts";
import { debian } from "./paths.ts";
import type { storeTool } from "./paths.ts";
import { run } from "./shell.ts";

/** Where each file of Debian's xenstore is in a root file system. */
const places: Readonly<Record<(typeof storeTool)[number], string>> = {
  xenstore: "bin/xenstore-ls",
  libxenstore: "lib/libxenstore.so.4",
  libxentoolcore: "lib/libxentoolcore.so.1",
  "dynamic-linker": "lib/ld-linux-aarch64.so.1",
  libc: "lib/libc.so.6",
};

/** Debian's xenstore-ls and its brothers, for a Linux guest's root file system. */
export function storeTools(): readonly Entry[] {
  const files = Object.entries(places).map(([what, path]): Entry => ({
    kind: "file",
    path,
    bytes: readFileSync(debian(what as keyof typeof places)),
    mode: 0o755,
  }));
  return [{ kind: "folder", path: "lib" }, ...files];
}

/** Absolute paths of all that the domain sees below `path`, in the order of their names. */
export async function storePaths(machine: Machine, name: string, path: string): Promise<readonly string[]> {
  const said = await run(machine, name, `xenstore-ls -f ${path}`);
  return said.flatMap((line) => (line.startsWith("/local") ? [line.replace(/ = .*/, "")] : [])).sort();
}
