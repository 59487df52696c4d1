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
import { StringTable } from "./strings.ts";
import { Writer } from "./writer.ts";

/**
 * Writes a blob of version 17, byte for byte as `dtc -O dtb` does.
 * Throws where the tree holds a reference that `resolveReferences` has not filled: that is the caller's mistake.
 */
export function encode(tree: DeviceTree): Uint8Array {
  const strings = new StringTable();
  const structure = new Writer();
  writeNode(structure, strings, tree.root);
  structure.u32(Token.end);
  return assemble(tree, structure.finish(), strings.finish());
}

function writeNode(out: Writer, strings: StringTable, node: Node): void {
  out.u32(Token.beginNode);
  out.name(node.name);
  out.align(4);
  for (const property of node.properties) writeProperty(out, strings, property);
  for (const child of node.children) writeNode(out, strings, child);
  out.u32(Token.endNode);
}

function writeProperty(out: Writer, strings: StringTable, { name, value }: Property): void {
  for (const marker of value.markers) {
    if (isUnresolved(value.bytes, marker)) throw new TypeError(`property "${name}" has an unresolved reference`);
  }
  out.u32(Token.prop);
  out.u32(value.bytes.length);
  out.u32(strings.offsetOf(name));
  out.bytes(value.bytes);
  out.align(4);
}

/** Header, reservations, structure, strings: dtc's order, and the one that the specification recommends (5.1). */
function assemble(tree: DeviceTree, structure: Uint8Array, strings: Uint8Array): Uint8Array {
  const reservations = alignUp(HEADER_SIZE_17, 8);
  const structureAt = reservations + (tree.reservations.length + 1) * RESERVATION_SIZE;
  const stringsAt = structureAt + structure.length;
  const total = stringsAt + strings.length;
  const out = new Writer(total);
  const header = [FDT_MAGIC, total, structureAt, stringsAt, reservations, FDT_VERSION, FDT_LAST_COMPATIBLE_VERSION];
  for (const field of [...header, tree.bootCpuid, strings.length, structure.length]) out.u32(field);
  for (const { address, size } of [...tree.reservations, { address: 0n, size: 0n }]) {
    out.u64(address);
    out.u64(size);
  }
  out.bytes(structure);
  out.bytes(strings);
  return out.finish();
}
