import { alignUp, FDT_MAGIC, Token } from "../src/blob/format.ts";

/** A stretch of a blob and what it is. */
export interface Item {
  /** Bytes from the blob's start. */
  readonly offset: number;
  readonly length: number;
  readonly meaning: string;
}

/** Items of one blob at most. */
const MAX_ITEMS = 100_000;

const headerFields = [
  "magic",
  "totalsize",
  "off_dt_struct",
  "off_dt_strings",
  "off_mem_rsvmap",
  "version",
  "last_comp_version",
  "boot_cpuid_phys",
  "size_dt_strings",
  "size_dt_struct",
];

const hex = (value: number | bigint): string => `0x${value.toString(16)}`;

/**
 * What each byte of a blob means, in the order of the bytes (Devicetree Specification 0.4, chapter 5). It trusts
 * nothing: of a malformed blob it gives what can be told, and the rest as it stands.
 */
export function describeBlob(blob: Uint8Array): readonly Item[] {
  const whole = new Items(blob);
  if (whole.word(0) !== FDT_MAGIC) return [{ offset: 0, length: blob.length, meaning: "no device tree blob" }];
  const version = whole.word(20) ?? 17;
  const count = version >= 17 ? 10 : version >= 3 ? 9 : version === 2 ? 8 : 7;
  for (const [index, name] of headerFields.slice(0, count).entries()) whole.field(index * 4, name);
  const total = Math.min(blob.length, whole.word(4) ?? 0);
  const [structure = 0, strings = 0, reservations = 0] = [8, 12, 16].map((at) => whole.word(at));
  // Before version 3 nothing says how long the strings are.
  const stringsSize = version >= 3 ? whole.word(32) : undefined;
  const limit = (start: number, size: number | undefined): number => Math.min(total, start + (size ?? total));
  readReservations(whole, reservations, total);
  readStructure(whole, structure, limit(structure, version >= 17 ? whole.word(36) : undefined), strings, version);
  readStrings(whole, strings, limit(strings, stringsSize));
  return whole.finish();
}

class Items {
  readonly blob: Uint8Array;
  readonly #view: DataView;
  readonly #items: Item[] = [];

  constructor(blob: Uint8Array) {
    this.blob = blob;
    this.#view = new DataView(blob.buffer, blob.byteOffset, blob.length);
  }

  get full(): boolean {
    return this.#items.length >= MAX_ITEMS;
  }

  word(offset: number): number | undefined {
    return offset + 4 <= this.blob.length ? this.#view.getUint32(offset) : undefined;
  }

  add(offset: number, length: number, meaning: string): void {
    if (this.full || offset >= this.blob.length) return;
    this.#items.push({ offset, length: Math.min(length, this.blob.length - offset), meaning });
  }

  field(offset: number, name: string): void {
    const value = this.word(offset);
    if (value !== undefined) this.add(offset, 4, `${name} ${offset === 20 || offset === 24 ? value : hex(value)}`);
  }

  number(offset: number): bigint {
    return (BigInt(this.word(offset) ?? 0) << 32n) | BigInt(this.word(offset + 4) ?? 0);
  }

  /** The characters up to the next NUL, the first 256 of them; undefined where nothing stands. */
  text(offset: number, end: number): string | undefined {
    if (offset >= end) return undefined;
    // No further than is shown: names of a hostile blob overlap, and would be searched again and again.
    const window = this.blob.subarray(offset, Math.min(end, offset + 257));
    const length = window.indexOf(0);
    return length < 0
      ? `${String.fromCharCode(...window.subarray(0, 256))}…`
      : String.fromCharCode(...window.subarray(0, length));
  }

  /** Sorted, with what lies between. */
  finish(): readonly Item[] {
    const sorted = this.#items.sort((a, b) => a.offset - b.offset);
    const done: Item[] = [];
    let end = 0;
    for (const item of sorted) {
      if (item.offset > end) done.push(this.#between(end, item.offset));
      done.push(item);
      end = Math.max(end, item.offset + item.length);
    }
    if (end < this.blob.length) done.push(this.#between(end, this.blob.length));
    return done;
  }

  #between(offset: number, end: number): Item {
    const zero = this.blob.subarray(offset, end).every((byte) => byte === 0);
    return { offset, length: end - offset, meaning: zero ? "padding" : "not read" };
  }
}

function readReservations(items: Items, start: number, end: number): void {
  for (let at = start; at + 16 <= end && !items.full; at += 16) {
    const [address, size] = [items.number(at), items.number(at + 8)];
    if (size === 0n) {
      items.add(at, 16, "end of the reservations");
      return;
    }
    items.add(at, 16, `/memreserve/ ${hex(address)} ${hex(size)}`);
  }
}

function readStructure(items: Items, start: number, end: number, strings: number, version: number): void {
  let depth = 0;
  for (let at = start; at + 4 <= end && !items.full;) {
    const indent = "  ".repeat(Math.min(depth, 40));
    switch (items.word(at)) {
      case Token.beginNode: {
        const bytes = items.blob.subarray(at + 4, end).indexOf(0) + 1 || end - at - 4;
        items.add(
          at,
          alignUp(4 + bytes, 4),
          `${indent}FDT_BEGIN_NODE ${JSON.stringify(items.text(at + 4, end) ?? "")}`,
        );
        at += alignUp(4 + bytes, 4);
        depth++;
        break;
      }
      case Token.endNode:
        depth = Math.max(0, depth - 1);
        items.add(at, 4, `${"  ".repeat(Math.min(depth, 40))}FDT_END_NODE`);
        at += 4;
        break;
      case Token.nop:
        items.add(at, 4, `${indent}FDT_NOP`);
        at += 4;
        break;
      case Token.end:
        items.add(at, 4, "FDT_END");
        return;
      case Token.prop: {
        const length = items.word(at + 4) ?? 0;
        // Versions before 16 align values of eight bytes and more.
        const value = version < 16 && length >= 8 ? alignUp(at + 12, 8) : at + 12;
        const named = strings + (items.word(at + 8) ?? 0);
        const name = JSON.stringify(items.text(named, items.blob.length) ?? "name out of bounds");
        if (length > end - value) {
          items.add(at, end - at, `${indent}FDT_PROP ${name}, ${length} bytes, more than there are`);
          return;
        }
        items.add(at, alignUp(value + length, 4) - at, `${indent}FDT_PROP ${name}, ${length} bytes`);
        at = alignUp(value + length, 4);
        break;
      }
      case undefined:
      default:
        items.add(at, 4, `no token: ${hex(items.word(at) ?? 0)}`);
        return;
    }
  }
}

function readStrings(items: Items, start: number, end: number): void {
  for (let at = start; at < end && !items.full;) {
    const length = items.blob.subarray(at, end).indexOf(0) + 1;
    if (length === 0) {
      items.add(at, end - at, "string without an end");
      return;
    }
    items.add(at, length, `string ${JSON.stringify(items.text(at, end) ?? "")}`);
    at += length;
  }
}
