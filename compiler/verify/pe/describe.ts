import { printable } from "../../base/printable.ts";
import { formatRange } from "../../base/ranges.ts";
import { hex } from "../../base/units.ts";
import type { PeFile } from "../../codecs/pe/read.ts";
import type { EfiImage } from "./read.ts";

/** What is in an image.efi, a line a part. Nothing is proven. */
export function describeEfi({ pe, plan, files }: EfiImage): string {
  const claims = plan.filter(({ kind }) => kind === "claim" || kind === "ram");
  return (
    describePe(pe) +
    "  loaded by the stub\n" +
    files
      .map(({ kind, name, at, bytes }) => line(at.start, bytes.length, kind === name ? name : `${kind} ${name}`))
      .join("") +
    "  memory that has to be there\n" +
    claims.map(({ name, destination }) => `  ${formatRange(destination)}  ${printable(name)}\n`).join("")
  );
}

/** Any PE that UEFI loads. */
export function describePe({ sections, sizeOfImage, certificates }: PeFile): string {
  const signed = certificates === undefined ? "not signed" : `${certificates.size} bytes of certificates`;
  return (
    `EFI application for arm64 (PE32+), ${sizeOfImage} bytes in memory, ${signed}\n` +
    sections
      .map(({ name, file, memory, executable }) =>
        line(file.start, memory.size, `section ${printable(name)}${executable ? ", code" : ""}`),
      )
      .join("")
  );
}

const line = (at: number, size: number, what: string): string =>
  `  ${hex(at).padEnd(12)} ${String(size).padStart(12)} bytes  ${printable(what)}\n`;
