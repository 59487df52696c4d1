import type { DeviceTree, Node, Property } from "../tree.ts";
import { childPath, baseName, getProperty } from "../find.ts";
import { MAX_PATHS } from "../limits.ts";
import { isUnresolved } from "../unresolved.ts";
import { alignUp, FDT_MAGIC, FDT_VERSION, lastCompatible, RESERVATION_SIZE, Token, type Version } from "./format.ts";
import { PieceWriter } from "./pieces.ts";
import { StringTable } from "./strings.ts";
import { Writer } from "./writer.ts";

export interface EncodeOptions {
  /** Of the format; 17 unless given. Before 16, names of nodes are paths, and each node has a `name`. */
  readonly version?: Version;
  /** Reservations to leave room for, beside those of the tree. */
  readonly reserve?: number;
  /** Bytes that the blob has at least. */
  readonly space?: number;
  /** Bytes behind the blob's content. */
  readonly pad?: number;
  /** What the blob's length is a multiple of: a power of two. */
  readonly align?: number;
  /** Names that stand first in the strings block, used or not: those of a blob that was edited stay where they were. */
  readonly names?: readonly string[];
  /** Write cells of references that lead nowhere as they are. An overlay's always are. */
  readonly unresolved?: "keep";
}

/**
 * Writes a blob, byte for byte as `dtc -O dtb` does.
 * Throws where the tree holds a reference that `resolveReferences` has not filled: that is the caller's mistake; and a
 * `RangeError` where the paths of a version before 16 have more than `MAX_PATHS` bytes.
 */
export function encode(tree: DeviceTree, options: EncodeOptions = {}): Uint8Array {
  const pieces = encodePieces(tree, options);
  const blob = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    blob.set(piece, at);
    at += piece.length;
  }
  return blob;
}

/**
 * The blob as pieces, one after the other. Large values are among them as they are in the tree, uncopied: a FIT of
 * many megabytes costs little more than its files.
 */
export function encodePieces(tree: DeviceTree, options: EncodeOptions = {}): readonly Uint8Array[] {
  const version = options.version ?? FDT_VERSION;
  const keep = options.unresolved === "keep" || tree.plugin === true;
  const structure = new StructureWriter(version, keep);
  for (const name of options.names ?? []) structure.strings.offsetOf(name);
  structure.node(tree.root, "/");
  structure.out.u32(Token.end);
  return assemble(tree, { ...options, version }, structure.out, structure.strings.finish());
}

class StructureWriter {
  readonly out = new PieceWriter();
  readonly strings = new StringTable();
  readonly #old: boolean;
  readonly #keep: boolean;
  #paths = 0;

  constructor(version: Version, keep: boolean) {
    this.#old = version < 16;
    this.#keep = keep;
  }

  node(node: Node, path: string): void {
    const { out } = this;
    out.u32(Token.beginNode);
    if (this.#old) this.#path(path);
    else out.name(node.name);
    out.align();
    for (const property of node.properties) this.#property(property);
    if (this.#old && !getProperty(node, "name")) this.#name(node);
    for (const child of node.children) this.node(child, this.#old ? childPath(path, child.name) : "");
    out.u32(Token.endNode);
  }

  #path(path: string): void {
    this.#paths += path.length;
    if (this.#paths > MAX_PATHS) throw new RangeError(`the paths of nodes have more than ${MAX_PATHS} bytes`);
    this.out.name(path);
  }

  #property({ name, value }: Property): void {
    const { out } = this;
    for (const marker of value.markers) {
      if (isUnresolved(value.bytes, marker) && !this.#keep) {
        throw new TypeError(`property "${name}" has an unresolved reference`);
      }
    }
    this.#head(name, value.bytes.length);
    // Before version 16, what may hold a 64-bit number begins on a multiple of 8.
    if (this.#old && value.bytes.length >= 8) out.align(8);
    out.bytes(value.bytes);
    out.align();
  }

  #name(node: Node): void {
    const name = baseName(node.name);
    this.#head("name", name.length + 1);
    if (name.length + 1 >= 8) this.out.align(8);
    this.out.name(name);
    this.out.align();
  }

  #head(name: string, length: number): void {
    this.out.u32(Token.prop);
    this.out.u32(length);
    this.out.u32(this.strings.offsetOf(name));
  }
}

/** Bytes of the header (Devicetree Specification 0.4, 5.2): later versions added fields at its end. */
const headerSizes: Readonly<Record<Version, number>> = { 1: 28, 2: 32, 3: 36, 16: 36, 17: 40 };

/** Header, reservations, structure, strings: dtc's order, and the one that the specification recommends (5.1). */
function assemble(
  tree: DeviceTree,
  options: EncodeOptions & { readonly version: Version },
  structure: PieceWriter,
  strings: Uint8Array,
): readonly Uint8Array[] {
  const { length } = structure;
  const { version } = options;
  const reservations = alignUp(headerSizes[version], 8);
  const spare = Array.from({ length: options.reserve ?? 0 }, () => ({ address: 0n, size: 0n }));
  const entries = [...tree.reservations, ...spare, { address: 0n, size: 0n }];
  const structureAt = reservations + entries.length * RESERVATION_SIZE;
  const stringsAt = structureAt + length;
  const used = stringsAt + strings.length;
  const total = alignUp(Math.max(used + (options.pad ?? 0), options.space ?? 0), options.align ?? 1);
  const out = new Writer(structureAt);
  const header = [FDT_MAGIC, total, structureAt, stringsAt, reservations, version, lastCompatible(version)];
  const fields = [...header, tree.bootCpuid, strings.length, length];
  for (const field of fields.slice(0, headerSizes[version] / 4)) out.u32(field);
  out.align(8);
  for (const { address, size } of entries) {
    out.u64(address);
    out.u64(size);
  }
  const pieces = [out.finish(), ...structure.finish(), strings];
  return total > used ? [...pieces, new Uint8Array(total - used)] : pieces;
}
