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

/** What was asked of a disk beside its form, and what came of it. */
interface DiskProof {
  readonly proven: readonly ProvenFile[];
  /** What may be signed, where nobody gave a key to prove it. */
  readonly unasked: readonly string[];
  /** Whether the files are a manifest's. */
  readonly listed: boolean;
}

/** What a verified disk rests on, file by file; at last what rests on nothing. */
export function describeDiskTrust({ files }: Disk, { proven, unasked, listed }: DiskProof): string {
  const told = new Set([...proven.map(({ path }) => path), ...unasked]);
  const rest = files.map(({ path }) => path).filter((path) => !told.has(path));
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
    ...(unasked.length > 0
      ? [`signatures not proven without --key or --cert: ${unasked.map(printable).join(", ")}`]
      : []),
    ...(rest.length > 0 ? [`verified by nobody at boot: ${rest.map(printable).join(", ")}`] : []),
    "",
  ].join("\n");
}
