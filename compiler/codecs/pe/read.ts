import type { Range } from "../../base/ranges.ts";
import { contains, endOf } from "../../base/ranges.ts";
import {
  certificateDirectory,
  coffHeader,
  dataDirectories,
  dataDirectory,
  dosHeader,
  dosMagic,
  efiApplication,
  fileIs,
  machineArm64,
  optionalHeader,
  pe32Plus,
  peSignature,
  sectionHeader,
  sectionIs,
} from "./headers.ts";

export interface PeSection {
  /** Without the NULs behind it. Whoever shows it makes it printable. */
  readonly name: string;
  /** Where it is in memory, relative to the image's base; `size` is its VirtualSize. */
  readonly memory: Range<number>;
  /** Where its bytes are in the file. */
  readonly file: Range<number>;
  readonly executable: boolean;
  readonly writable: boolean;
}

/** A PE32+ that UEFI firmware loads on an arm64 machine. Offsets count from the file's first byte. */
export interface PeFile {
  /** Relative to the image's base. */
  readonly entryPoint: number;
  /** Bytes of the headers, in the file and in memory. */
  readonly sizeOfHeaders: number;
  readonly sizeOfImage: number;
  /** In the file's order: each begins behind the one before. */
  readonly sections: readonly PeSection[];
  /** The two places that Authenticode leaves out of the digest, and that signing changes. */
  readonly checkSum: Range<number>;
  readonly certificateEntry: Range<number>;
  /** The Attribute Certificate Table, at the end of the file; absent where nobody signed. */
  readonly certificates?: Range<number>;
}

export type PeRead =
  | { readonly kind: "not-a-pe" }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "pe"; readonly pe: PeFile };

/** Reads a PE, trusting nothing in it: what is accepted has no two claims on one byte, and none outside of the file. */
export function readPe(bytes: Uint8Array): PeRead {
  const dos = dosHeader.decode(bytes, 0);
  if (dos?.magic !== dosMagic) return { kind: "not-a-pe" };
  const coff = coffHeader.decode(bytes, dos.peOffset);
  // An arm64 Image with an EFI stub begins with "MZ", too; one without may point anywhere.
  if (coff?.signature !== peSignature) return { kind: "not-a-pe" };
  if (coff.machine !== machineArm64) return broken(`machine ${coff.machine} is not arm64`);
  const at = dos.peOffset + coffHeader.size;
  const optional = optionalHeader.decode(bytes, at);
  if (optional?.magic !== pe32Plus) return broken("its optional header is no PE32+");
  const { numberOfRvaAndSizes: directories, sizeOfHeaders, sizeOfImage } = optional;
  if (directories <= certificateDirectory || directories > dataDirectories)
    return broken(`${directories} data directories`);
  if (coff.sizeOfOptionalHeader !== optionalHeader.size + directories * dataDirectory.size)
    return broken("SizeOfOptionalHeader does not fit the number of data directories");
  if (optional.subsystem !== efiApplication) return broken(`subsystem ${optional.subsystem} is no EFI application`);
  if ((coff.characteristics & fileIs.withoutRelocations) !== 0) return broken("it can only be loaded at its ImageBase");
  const table = at + coff.sizeOfOptionalHeader;
  if (table + coff.numberOfSections * sectionHeader.size > Math.min(sizeOfHeaders, bytes.length))
    return broken("the section table reaches beyond the headers");
  const places = signingPlaces(dos.peOffset);
  const { address: start = 0, size = 0 } = dataDirectory.decode(bytes, places.certificateEntry.start) ?? {};
  const certificates = start === 0 && size === 0 ? undefined : { start, size };
  const last = certificates?.start ?? bytes.length;
  if (certificates && (start % 8 !== 0 || size % 8 !== 0 || size === 0 || start + size !== bytes.length))
    return broken("the certificate table is not at the end of the file");
  const sections = Array.from({ length: coff.numberOfSections }, (_, index) =>
    readSection(bytes, table + index * sectionHeader.size),
  );
  const pe: PeFile = {
    entryPoint: optional.addressOfEntryPoint,
    sizeOfHeaders,
    sizeOfImage,
    sections: sections.filter((section) => section !== undefined),
    ...places,
    ...(certificates && { certificates }),
  };
  const wrong = wrongPlace(pe, last);
  return wrong === undefined ? { kind: "pe", pe } : broken(wrong);
}

/** What signing changes in the headers of a PE32+ whose signature is at `peOffset`. */
export function signingPlaces(peOffset: number): Pick<PeFile, "checkSum" | "certificateEntry"> {
  const at = peOffset + coffHeader.size;
  return {
    checkSum: { start: at + optionalHeader.fields.checkSum.at, size: 4 },
    certificateEntry: {
      start: at + optionalHeader.size + certificateDirectory * dataDirectory.size,
      size: dataDirectory.size,
    },
  };
}

const broken = (reason: string): PeRead => ({ kind: "broken", reason });

function readSection(bytes: Uint8Array, at: number): PeSection | undefined {
  const header = sectionHeader.decode(bytes, at);
  return (
    header && {
      name: new TextDecoder("latin1").decode(header.name).replace(/\0.*$/s, ""),
      memory: { start: header.virtualAddress, size: header.virtualSize },
      file: { start: header.pointerToRawData, size: header.sizeOfRawData },
      executable: (header.characteristics & sectionIs.executable) !== 0,
      writable: (header.characteristics & sectionIs.writable) !== 0,
    }
  );
}

/** Why the sections are not where they may be: between the headers and `last` in the file, each in its own place. */
function wrongPlace({ sections, sizeOfHeaders, sizeOfImage, entryPoint }: PeFile, last: number): string | undefined {
  if (sizeOfHeaders > last || sizeOfHeaders > sizeOfImage) return "the headers are longer than the file";
  let fileEnd = sizeOfHeaders;
  let memoryEnd = sizeOfHeaders;
  for (const [index, { file, memory }] of sections.entries()) {
    const name = `section ${index + 1}`;
    if (file.start < fileEnd) return `${name} is not behind what is before it in the file`;
    if (endOf(file) > last) return `${name} reaches beyond the end of the file`;
    if (memory.start < memoryEnd) return `${name} is not behind what is before it in memory`;
    // What of a section is in the file beyond VirtualSize is padding, which firmware may load or not.
    if (endOf(memory) > sizeOfImage || memory.start + file.size > sizeOfImage)
      return `${name} reaches beyond SizeOfImage`;
    fileEnd = endOf(file);
    memoryEnd = endOf(memory);
  }
  const entry = { start: entryPoint, size: 4 };
  return sections.some(({ executable, memory }) => executable && contains(memory, entry))
    ? undefined
    : "the entry point is in no section of code";
}

/** Bytes of a section as they are in the file, at most as many as it has in memory. */
export const sectionBytes = (bytes: Uint8Array, { file, memory }: PeSection): Uint8Array =>
  bytes.subarray(file.start, file.start + Math.min(file.size, memory.size));
