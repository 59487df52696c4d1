import { readFileSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { cpio } from "./cpio.ts";
import type { Entry } from "./cpio.ts";
import { debian } from "./paths.ts";

const folders = ["bin", "dev", "proc", "sys", "tmp"].map((path): Entry => ({ kind: "folder", path }));

/** Writes the Linux guests' root file system, gzip-compressed: BusyBox and `init.sh`. */
export function writeInitramfs(path: string): string {
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
    executable("init", new URL("./init.sh", import.meta.url)),
    executable("bin/load", new URL("./load.sh", import.meta.url)),
  ]);
  writeFileSync(path, gzipSync(archive));
  return path;
}
