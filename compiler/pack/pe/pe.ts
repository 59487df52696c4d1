import { invariant } from "../../base/invariant.ts";
import { alignUp } from "../../base/units.ts";
import {
  coffHeader,
  dataDirectories,
  dataDirectory,
  dosHeader,
  dosMagic,
  efiApplication,
  fileIs,
  machineArm64,
  nxCompatible,
  optionalHeader,
  pe32Plus,
  peSignature,
  sectionHeader,
  sectionIs,
} from "../../codecs/pe/headers.ts";
import type { Piece } from "../../ir/artifact.ts";

export interface SectionContent {
  /** At most eight ASCII characters. */
  readonly name: string;
  /** At least one byte. */
  readonly bytes: Uint8Array;
  readonly executable: boolean;
}

/** UEFI maps memory in pages of 4 KiB; the file has the memory's alignment, so that an offset is an address in the image. */
const sectionAlignment = 4096;

/** Where sections of these sizes begin, in the file and relative to the image's base. */
export function sectionPlaces(sizes: readonly number[]): readonly number[] {
  const places: number[] = [];
  let next = sizeOfHeaders(sizes.length);
  for (const size of sizes) {
    places.push(next);
    next = alignUp(next + size, sectionAlignment);
  }
  return places;
}

const optionalHeaderSize = optionalHeader.size + dataDirectories * dataDirectory.size;
const sizeOfHeaders = (sections: number): number =>
  alignUp(dosHeader.size + coffHeader.size + optionalHeaderSize + sections * sectionHeader.size, sectionAlignment);

/**
 * A PE32+ for arm64 that EDK2 loads wherever it has room: nothing in it is writable, only what is code is executable.
 * There are no relocations, because whatever runs in it is position independent. `entryPoint` counts from the image's
 * base. The same sections give the same bytes.
 */
export function packPe(sections: readonly SectionContent[], entryPoint: number): readonly Piece[] {
  const places = sectionPlaces(sections.map(({ bytes }) => bytes.length));
  const length = (executable: boolean): number =>
    sections
      .filter((section) => section.executable === executable)
      .reduce((sum, { bytes }) => sum + alignUp(bytes.length, sectionAlignment), 0);
  const headers = new Uint8Array(sizeOfHeaders(sections.length));
  dosHeader.encode({ magic: dosMagic, peOffset: dosHeader.size }, headers, 0);
  coffHeader.encode(
    {
      signature: peSignature,
      machine: machineArm64,
      numberOfSections: sections.length,
      // A time would make each build another.
      timeDateStamp: 0,
      pointerToSymbolTable: 0,
      numberOfSymbols: 0,
      sizeOfOptionalHeader: optionalHeaderSize,
      characteristics: fileIs.executable | fileIs.largeAddressAware,
    },
    headers,
    dosHeader.size,
  );
  optionalHeader.encode(
    {
      ...noVersions,
      magic: pe32Plus,
      sizeOfCode: length(true),
      sizeOfInitializedData: length(false),
      sizeOfUninitializedData: 0,
      addressOfEntryPoint: entryPoint,
      baseOfCode: places[sections.findIndex(({ executable }) => executable)] ?? 0,
      imageBase: 0,
      sectionAlignment,
      fileAlignment: sectionAlignment,
      sizeOfImage: headers.length + length(true) + length(false),
      sizeOfHeaders: headers.length,
      // UEFI does not look at it; Authenticode leaves it out.
      checkSum: 0,
      subsystem: efiApplication,
      dllCharacteristics: nxCompatible,
      numberOfRvaAndSizes: dataDirectories,
    },
    headers,
    dosHeader.size + coffHeader.size,
  );
  const table = dosHeader.size + coffHeader.size + optionalHeaderSize;
  for (const [index, section] of sections.entries())
    encodeSection(section, places[index] ?? 0, headers, table + index * sectionHeader.size);
  return [headers, ...sections.flatMap(({ bytes }) => [bytes, ...padding(bytes.length)])];
}

const noVersions = {
  linkerVersion: 0,
  operatingSystemVersion: 0,
  imageVersion: 0,
  subsystemVersion: 0,
  win32VersionValue: 0,
  sizeOfStackReserve: 0,
  sizeOfStackCommit: 0,
  sizeOfHeapReserve: 0,
  sizeOfHeapCommit: 0,
  loaderFlags: 0,
};

function padding(length: number): readonly Piece[] {
  const zeros = alignUp(length, sectionAlignment) - length;
  return zeros === 0 ? [] : [{ zeros }];
}

function encodeSection({ name, bytes, executable }: SectionContent, place: number, target: Uint8Array, at: number) {
  const encoded = new TextEncoder().encode(name);
  invariant(encoded.length <= 8 && bytes.length > 0, `a section ${name} that a PE can have`);
  const padded = new Uint8Array(8);
  padded.set(encoded);
  sectionHeader.encode(
    {
      name: padded,
      virtualSize: bytes.length,
      virtualAddress: place,
      sizeOfRawData: alignUp(bytes.length, sectionAlignment),
      pointerToRawData: place,
      pointerToRelocations: 0,
      pointerToLinenumbers: 0,
      numberOfRelocations: 0,
      numberOfLinenumbers: 0,
      characteristics: executable
        ? sectionIs.code + sectionIs.executable + sectionIs.readable
        : sectionIs.initializedData + sectionIs.readable,
    },
    target,
    at,
  );
}
