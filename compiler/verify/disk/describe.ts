import { printable } from "../../base/printable.ts";
import { sizeOf } from "../../ir/artifact.ts";
import type { Disk } from "./read.ts";

/** What is on a disk, a line a file. Nothing is proven. */
export function describeDisk({ name, label, files }: Disk): string {
  const lines = files.map((file) => `  ${String(sizeOf(file)).padStart(12)} bytes  ${printable(file.path)}\n`);
  return `GPT disk, EFI system partition ${printable(name)}, FAT32 ${printable(label)}, ${files.length} files\n${lines.join("")}`;
}

/** A file of a disk whose signature was proven. */
export interface ProvenFile {
  readonly path: string;
  /** What it rests on, a line a step. */
  readonly trust: string;
  /** Who proves it at boot. */
  readonly verifiedBy: string;
}

/** What a verified disk rests on, file by file; at last what rests on nothing. */
export function describeDiskTrust({ files }: Disk, proven: readonly ProvenFile[], listed: boolean): string {
  const rest = files.map(({ path }) => path).filter((path) => proven.every((file) => file.path !== path));
  return [
    ...proven.flatMap(({ path, trust, verifiedBy }) => [
      `${printable(path)}, which is verified at boot by ${verifiedBy}:`,
      ...trust
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
    ]),
    `disk: two partition tables, one volume, ${files.length} files; nothing else is on it`,
    ...(listed ? ["each file is the one that the manifest lists"] : []),
    ...(rest.length > 0 ? [`verified by nobody at boot: ${rest.map(printable).join(", ")}`] : []),
    "",
  ].join("\n");
}
