import type { DeviceTree, Node, Property } from "../tree.ts";
import { isUnresolved } from "../unresolved.ts";
import {
  alignUp,
  FDT_LAST_COMPATIBLE_VERSION,
  FDT_MAGIC,
  FDT_VERSION,
  HEADER_SIZE_17,
  RESERVATION_SIZE,
  Token,
} from "./format.ts";
import { PieceWriter } from "./pieces.ts";
import { StringTable } from "./strings.ts";
import { Writer } from "./writer.ts";

/**
 * Writes a blob of version 17, byte for byte as `dtc -O dtb` does.
 * Throws where the tree holds a reference that `resolveReferences` has not filled: that is the caller's mistake.
 */
export function encode(tree: DeviceTree): Uint8Array {
  const pieces = encodePieces(tree);
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
export function encodePieces(tree: DeviceTree): readonly Uint8Array[] {
  const strings = new StringTable();
  const structure = new PieceWriter();
  writeNode(structure, strings, tree.root);
  structure.u32(Token.end);
  return assemble(tree, structure, strings.finish());
}

function writeNode(out: PieceWriter, strings: StringTable, node: Node): void {
  out.u32(Token.beginNode);
  out.name(node.name);
  out.align();
  for (const property of node.properties) writeProperty(out, strings, property);
  for (const child of node.children) writeNode(out, strings, child);
  out.u32(Token.endNode);
}

function writeProperty(out: PieceWriter, strings: StringTable, { name, value }: Property): void {
  for (const marker of value.markers) {
    if (isUnresolved(value.bytes, marker)) throw new TypeError(`property "${name}" has an unresolved reference`);
  }
  out.u32(Token.prop);
  out.u32(value.bytes.length);
  out.u32(strings.offsetOf(name));
  out.bytes(value.bytes);
  out.align();
}

/** Header, reservations, structure, strings: dtc's order, and the one that the specification recommends (5.1). */
function assemble(tree: DeviceTree, structure: PieceWriter, strings: Uint8Array): readonly Uint8Array[] {
  const { length } = structure;
  const reservations = alignUp(HEADER_SIZE_17, 8);
  const structureAt = reservations + (tree.reservations.length + 1) * RESERVATION_SIZE;
  const stringsAt = structureAt + length;
  const total = stringsAt + strings.length;
  const out = new Writer(structureAt);
  const header = [FDT_MAGIC, total, structureAt, stringsAt, reservations, FDT_VERSION, FDT_LAST_COMPATIBLE_VERSION];
  for (const field of [...header, tree.bootCpuid, strings.length, length]) out.u32(field);
  for (const { address, size } of [...tree.reservations, { address: 0n, size: 0n }]) {
    out.u64(address);
    out.u64(size);
  }
  return [out.finish(), ...structure.finish(), strings];
}
