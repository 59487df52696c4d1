import { test } from "@fast-check/vitest";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readPe, sectionBytes } from "../../codecs/pe/read.ts";
import type { PeFile } from "../../codecs/pe/read.ts";
import type { Piece } from "../../ir/artifact.ts";
import { pieceLength } from "../../ir/artifact.ts";
import type { SectionContent } from "./pe.ts";
import { packPe, sectionPlaces } from "./pe.ts";

function join(pieces: readonly Piece[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + pieceLength(piece), 0));
  let offset = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) bytes.set(piece, offset);
    offset += pieceLength(piece);
  }
  return bytes;
}

const section = (name: string, size: number, executable = false): SectionContent => ({
  name,
  bytes: new Uint8Array(size).fill(name.length),
  executable,
});

const sections = [section(".text", 5000, true), section(".rodata", 4096), section(".hv", 1), section(".m12345", 70000)];
const [text = 0] = sectionPlaces(sections.map(({ bytes }) => bytes.length));
const file = join(packPe(sections, text + 16));

function peOf(bytes: Uint8Array): PeFile {
  const read = readPe(bytes);
  if (read.kind !== "pe") throw new Error(JSON.stringify(read));
  return read.pe;
}

const altered = (at: number, value: number, size: 2 | 4 = 4): Uint8Array => {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  if (size === 2) view.setUint16(at, value, true);
  else view.setUint32(at, value, true);
  return bytes;
};

/** Offsets in our files, by the PE format: signature at 64, optional header at 88, directories at 200, sections at 328. */
const entry = {
  machine: 68,
  count: 70,
  optionalSize: 84,
  magic: 88,
  point: 104,
  image: 144,
  headers: 148,
  subsystem: 156,
};
const directories = 196;
const certificates = 232;
const sectionAt = (index: number): number => 328 + 40 * index;

describe("image.efi", () => {
  it("has the numbers that EDK2 asks for", () => {
    const view = new DataView(file.buffer);
    const u32 = (at: number): number => view.getUint32(at, true);
    expect([u32(0) & 0xffff, u32(60), u32(64)]).toEqual([0x5a4d, 64, 0x4550]);
    expect(view.getUint16(entry.machine, true)).toBe(0xaa64);
    expect(view.getUint16(entry.optionalSize, true)).toBe(112 + 8 * u32(directories));
    expect(view.getUint16(entry.magic, true)).toBe(0x20b);
    expect(view.getUint16(entry.subsystem, true)).toBe(10);
    expect(view.getUint16(86, true) & 1).toBe(0);
    expect([u32(120), u32(124)]).toEqual([4096, 4096]);
    expect(u32(entry.image)).toBe(file.length);
    expect(u32(entry.headers)).toBe(4096);
    expect(u32(entry.point)).toBe(text + 16);
  });

  it("reads back as its sections, each where it was said to be", () => {
    const pe = peOf(file);
    expect(pe.sections.map(({ name, memory }) => [name, memory.start])).toEqual([
      [".text", 4096],
      [".rodata", 12288],
      [".hv", 16384],
      [".m12345", 20480],
    ]);
    expect(pe.sections.map((each) => sectionBytes(file, each))).toEqual(sections.map(({ bytes }) => bytes));
    expect(pe.sections.map(({ file: { start } }) => start)).toEqual(pe.sections.map(({ memory }) => memory.start));
    expect(pe.certificates).toBeUndefined();
  });

  it("has code that is not writable, and nothing else that is executable", () => {
    expect(peOf(file).sections.map(({ executable, writable }) => [executable, writable])).toEqual([
      [true, false],
      [false, false],
      [false, false],
      [false, false],
    ]);
  });

  it("makes room for as many sections as there are", () => {
    const many = [section(".text", 4, true), ...Array.from({ length: 200 }, (_, index) => section(`.m${index}`, 1))];
    const [first = 0] = sectionPlaces(many.map(({ bytes }) => bytes.length));
    expect(first).toBe(12288);
    expect(peOf(join(packPe(many, first))).sections.length).toBe(201);
  });
});

describe("a PE", () => {
  it("is told from other files", () => {
    expect(readPe(new Uint8Array(10))).toEqual({ kind: "not-a-pe" });
    expect(readPe(altered(0, 0))).toEqual({ kind: "not-a-pe" });
    expect(readPe(altered(60, 0x7fff_ffff))).toEqual({ kind: "not-a-pe" });
  });

  it.each([
    ["another machine", altered(entry.machine, 0x8664, 2), "machine 34404 is not arm64"],
    ["PE32", altered(entry.magic, 0x10b, 2), "its optional header is no PE32+"],
    ["too few directories", altered(directories, 4), "4 data directories"],
    [
      "another optional header",
      altered(entry.optionalSize, 232, 2),
      "SizeOfOptionalHeader does not fit the number of data directories",
    ],
    ["a Windows program", altered(entry.subsystem, 3, 2), "subsystem 3 is no EFI application"],
    ["no relocations", altered(86, 0x23, 2), "it can only be loaded at its ImageBase"],
    ["a long section table", altered(entry.count, 1000, 2), "the section table reaches beyond the headers"],
    ["long headers", altered(entry.headers, 0x10_0000), "the headers are longer than the file"],
    ["an entry point outside", altered(entry.point, 12288), "the entry point is in no section of code"],
    [
      "a section in the headers",
      altered(sectionAt(0) + 20, 0),
      "section 1 is not behind what is before it in the file",
    ],
    [
      "a section in another's memory",
      altered(sectionAt(1) + 12, 4096),
      "section 2 is not behind what is before it in memory",
    ],
    [
      "a section outside of the file",
      altered(sectionAt(3) + 16, 0xffff_f000),
      "section 4 reaches beyond the end of the file",
    ],
    ["a small image", altered(entry.image, 20480), "section 4 reaches beyond SizeOfImage"],
    ["certificates in the middle", altered(certificates, 4096), "the certificate table is not at the end of the file"],
  ])("with %s is refused", (_, bytes, reason) => {
    expect(readPe(bytes)).toEqual({ kind: "broken", reason });
  });

  it("may have certificates behind its sections", () => {
    const signed = new Uint8Array(file.length + 16);
    signed.set(altered(certificates, file.length));
    new DataView(signed.buffer).setUint32(certificates + 4, 16, true);
    const { certificates: found, certificateEntry, checkSum } = peOf(signed);
    expect(found).toEqual({ start: file.length, size: 16 });
    expect([certificateEntry, checkSum]).toEqual([
      { start: certificates, size: 8 },
      { start: 152, size: 4 },
    ]);
  });

  test.prop([fc.nat({ max: 600 }), fc.nat({ max: 255 })])("never makes its reader throw", (offset, byte) => {
    const bytes = file.slice();
    bytes[offset] = byte;
    const read = readPe(bytes);
    if (read.kind === "pe")
      for (const { file: range } of read.pe.sections) expect(range.start + range.size <= bytes.length).toBe(true);
  });

  test.prop([fc.nat({ max: file.length - 1 })])("is broken when cut short", (length) => {
    expect(readPe(file.subarray(0, length)).kind).toMatch(/^(broken|not-a-pe)$/);
  });
});
