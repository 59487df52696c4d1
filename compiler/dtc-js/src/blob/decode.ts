import { baseName } from "../find.ts";
import { MAX_DEPTH } from "../limits.ts";
import type { Result } from "../diagnostic.ts";
import { readString } from "../read.ts";
import { answer, refusal } from "../result.ts";
import type { DeviceTree, Node, Property, Reservation } from "../tree.ts";
import { BlobFault, Cursor } from "./cursor.ts";
import type { BlobError } from "./error.ts";
import { FDT_LAST_COMPATIBLE_VERSION, Token } from "./format.ts";
import { PropertyNames } from "./names.ts";
import { readHeader, type Header } from "./header.ts";

/**
 * Reads a blob of version 1, 2, 3, 16 or 17. Whatever the bytes are, the answer is a tree or one error with its offset.
 * NOP tokens are passed over; bytes between the blocks and after the total size are not looked at.
 * With `share`, values are views of the caller's bytes, which must stay as they are while the tree is used: for blobs of
 * many megabytes.
 */
export function decode(
  blob: Uint8Array,
  { share = false }: { readonly share?: boolean } = {},
): Result<DeviceTree, BlobError> {
  try {
    const header = readHeader(blob);
    // A copy, so that the tree stays what it is when the caller reuses the buffer. Values are views of it.
    // Not slice(): Node's Buffer overrides it to share the memory.
    const own = share
      ? new Uint8Array(blob.buffer, blob.byteOffset, header.totalSize)
      : new Uint8Array(blob.subarray(0, header.totalSize));
    const reservations = readReservations(own, header);
    return answer({ reservations, bootCpuid: header.bootCpuid, root: readStructure(own, header) });
  } catch (fault) {
    if (fault instanceof BlobFault) return refusal([fault.error]);
    throw fault;
  }
}

/** Ends, as dtc and libfdt read it, with the first entry of size 0. */
function readReservations(blob: Uint8Array, { reservations: { start, end } }: Header): readonly Reservation[] {
  const cursor = new Cursor(blob, start, end, "memory reservation block");
  const found: Reservation[] = [];
  for (;;) {
    const address = cursor.u64();
    const size = cursor.u64();
    if (size === 0n) return found;
    found.push({ labels: [], address, size });
  }
}

interface OpenNode extends Node {
  readonly properties: Property[];
  readonly children: Node[];
}

function readStructure(blob: Uint8Array, header: Header): Node {
  const cursor = new Cursor(blob, header.structure.start, header.structure.end, "structure block");
  const names = new PropertyNames(blob, header);
  const top = openNode("");
  const open: OpenNode[] = [top];
  const old = header.version < FDT_LAST_COMPATIBLE_VERSION;
  for (;;) {
    const at = cursor.offset;
    const token = cursor.u32();
    const node = open.at(-1) ?? top;
    switch (token) {
      case Token.nop:
        break;
      case Token.beginNode:
        open.push(beginNode(cursor, at, node, open, old));
        break;
      case Token.prop:
        if (node === top) throw new BlobFault("bad-structure", at, "a property stands outside of the root node");
        node.properties.push(readProperty(cursor, names, old));
        break;
      case Token.endNode:
        if (node === top) throw new BlobFault("bad-structure", at, "a node ends that never began");
        if (old) dropOwnName(node);
        open.pop();
        break;
      case Token.end:
        return finish(top, node, at);
      default:
        throw new BlobFault("bad-token", at, `0x${token.toString(16)} is no token of the structure block`);
    }
  }
}

const openNode = (name: string): OpenNode => ({ name, labels: [], properties: [], children: [] });

function beginNode(cursor: Cursor, at: number, parent: OpenNode, open: readonly OpenNode[], old: boolean): OpenNode {
  const depth = open.length;
  if (depth > MAX_DEPTH) throw new BlobFault("too-deep", at, `nodes nest deeper than ${MAX_DEPTH} levels`);
  if (depth === 1 && parent.children.length > 0)
    throw new BlobFault("bad-structure", at, "there is a second root node");
  const node = openNode(old ? lastName(cursor, at, open) : cursor.name());
  cursor.align(4);
  parent.children.push(node);
  return node;
}

/** Characters of a path in a message. */
const SHOWN = 255;

/** Before version 16, a node is named by its path, which must continue its parent's. */
function lastName(cursor: Cursor, at: number, open: readonly OpenNode[]): string {
  const path = cursor.name();
  if (open.length === 1) {
    if (path === "/" || path === "") return "";
    throw new BlobFault("bad-structure", at, `the root node is called "${path.slice(0, SHOWN)}"`);
  }
  const parent = open
    .slice(2)
    .map(({ name }) => `/${name}`)
    .join("");
  const name = path.slice(parent.length + 1);
  if (path.startsWith(`${parent}/`) && name !== "" && !name.includes("/")) return name;
  throw new BlobFault(
    "bad-structure",
    at,
    `path "${path.slice(0, SHOWN)}" is no child of "${parent.slice(0, SHOWN) || "/"}"`,
  );
}

/** What such a blob says of a node's name beside its path. */
function dropOwnName(node: OpenNode): void {
  const index = node.properties.findIndex(
    ({ name, value }) => name === "name" && readString(value) === baseName(node.name),
  );
  if (index >= 0) node.properties.splice(index, 1);
}

function readProperty(cursor: Cursor, names: PropertyNames, old: boolean): Property {
  const length = cursor.u32();
  const from = cursor.offset;
  const name = names.at(cursor.u32(), from);
  if (old && length >= 8) cursor.align(8);
  const bytes = cursor.bytes(length);
  cursor.align(4);
  return { name, labels: [], value: { bytes, markers: [] } };
}

function finish(top: OpenNode, node: OpenNode, at: number): Node {
  const root = top.children[0];
  if (node !== top) throw new BlobFault("bad-structure", at, `the blob ends inside of node "${node.name}"`);
  if (!root) throw new BlobFault("bad-structure", at, "there is no root node");
  return root;
}
