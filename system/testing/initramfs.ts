import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { cpio } from "./cpio.ts";
import type { Entry } from "./cpio.ts";
import { debian } from "./paths.ts";
import type { Driver } from "./paths.ts";

const folders = ["bin", "dev", "modules", "proc", "sys", "tmp"].map((path): Entry => ({ kind: "folder", path }));

/** Writes the Linux guests' root file system, gzip-compressed: BusyBox, `init.sh`, modules, which that loads in order, and more. */
export function writeInitramfs(path: string, modules: readonly Driver[] = [], more: readonly Entry[] = []): string {
  const executable = (name: string, file: string | URL): Entry => ({
    kind: "file",
    path: name,
    bytes: readFileSync(file),
    mode: 0o755,
  });
  const archive = cpio([
    ...folders,
    // Linux opens it for init's input and output before anything is mounted.
    { kind: "character-device", path: "dev/console", major: 5, minor: 1 },
    executable("bin/busybox", debian("busybox")),
    ...modules.map((name, index) => executable(`modules/${String(index).padStart(2, "0")}-${name}.ko`, debian(name))),
    executable("init", new URL("./init.sh", import.meta.url)),
    executable("bin/load", new URL("./load.sh", import.meta.url)),
    ...more,
  ]);
  writeFileSync(path, gzipSync(archive));
  return path;
}
