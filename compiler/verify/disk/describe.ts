import { printable } from "../../base/printable.ts";
import { sizeOf } from "../../ir/artifact.ts";
import type { Disk } from "./read.ts";

/** What is on a disk, a line a file. Nothing is proven. */
export function describeDisk({ name, label, files }: Disk): string {
  const lines = files.map((file) => `  ${String(sizeOf(file)).padStart(12)} bytes  ${printable(file.path)}\n`);
  return `GPT disk, EFI system partition ${printable(name)}, FAT32 ${printable(label)}, ${files.length} files\n${lines.join("")}`;
}

/** What a verified disk rests on. `signed` are the files that hold a signature which was proven. */
export function describeDiskTrust({ files }: Disk, signed: readonly string[], listed: boolean): string {
  const rest = files.map(({ path }) => path).filter((path) => !signed.includes(path));
  return [
    `disk: two partition tables, one volume, ${files.length} files; nothing else is on it`,
    ...(listed ? ["each file is the one that the manifest lists"] : []),
    ...(rest.length > 0 ? [`verified by nobody at boot: ${rest.map(printable).join(", ")}`] : []),
    "",
  ].join("\n");
}
