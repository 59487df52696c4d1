import type { DeviceTree } from "dtc-js";
import { decode, encode } from "dtc-js";
import { invariant } from "../base/invariant.ts";
import type { Artifact, Piece } from "../ir/artifact.ts";
import { pieceLength } from "../ir/artifact.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { TargetPlan } from "../ir/plan.ts";
import { systemFacts } from "./system-facts.ts";

/** VERIFY: the written bytes say what was planned. Throws our own mistakes; a user cannot cause one. */
export function verify(plan: TargetPlan, artifacts: readonly Artifact[]): void {
  const tree = decodeTree(artifacts, "system.dtb");
  verifyTree(plan.placed, tree);
  for (const { domain } of plan.guestTrees) decodeTree(artifacts, `domains/${domain}/guest.dtb`);
  for (const file of plan.files) {
    const length = lengthOf(find(artifacts, file.path).pieces);
    const planned = file.content.kind === "bytes" ? file.content.bytes.length : lengthOf([encode(tree)]);
    invariant(length === planned, `${file.path} to be whole`);
  }
  const image = artifacts.find(({ path }) => path === "image.bin");
  if (image) verifyImage(plan.placed, image.pieces, encode(tree));
}

function find(artifacts: readonly Artifact[], path: string): Artifact {
  const found = artifacts.find((artifact) => artifact.path === path);
  invariant(found, `an output ${path}`);
  return found;
}

const lengthOf = (pieces: readonly Piece[]): number => pieces.reduce((sum, piece) => sum + pieceLength(piece), 0);

function decodeTree(artifacts: readonly Artifact[], path: string): DeviceTree {
  const [bytes] = find(artifacts, path).pieces;
  invariant(bytes instanceof Uint8Array, `${path} in one piece`);
  const decoded = decode(bytes);
  invariant(decoded.ok, `${path} to decode`);
  return decoded.tree;
}

/** The device tree describes exactly the planned domains and modules. */
function verifyTree(placed: PlacedSystem, tree: DeviceTree): void {
  const { domains, heap } = systemFacts(tree);
  const sameRanges = (a: readonly { start: number; size: number }[], b: readonly { start: number; size: number }[]) =>
    a.length === b.length && a.every((range, index) => range.start === b[index]?.start && range.size === b[index].size);
  invariant(sameRanges(heap, placed.resolved.hypervisor.staticHeap), "the planned static heap");
  invariant(domains.length === placed.domains.length, "the planned number of domains");
  for (const [index, { resolved }] of placed.domains.entries()) {
    const found = domains[index];
    invariant(found?.name === resolved.name && found.cpus === resolved.cpus, `domain ${resolved.name} as planned`);
    const banks = resolved.memory.kind === "static" ? resolved.memory.banks : [];
    invariant(sameRanges(found.banks, banks), `the banks of ${resolved.name} as planned`);
    const modules = placed.modules.filter((module) => module.domain === resolved.name).map(({ at }) => at);
    invariant(sameRanges(found.modules, modules), `the modules of ${resolved.name} as planned`);
  }
}

/** Each module's bytes are at the offset that the device tree names. */
function verifyImage(placed: PlacedSystem, pieces: readonly Piece[], tree: Uint8Array): void {
  invariant(lengthOf(pieces) === placed.image.size, "image.bin to fill its range");
  const contents = new Map<number, Uint8Array>();
  let offset = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) contents.set(offset, piece);
    offset += pieceLength(piece);
  }
  const treeBytes = contents.get(placed.deviceTree.start - placed.image.start);
  invariant(treeBytes && equal(treeBytes, tree), "the device tree inside image.bin");
  for (const { at, file, domain, kind } of placed.modules)
    invariant(contents.get(at.start - placed.image.start) === file.bytes, `${domain}/${kind} inside image.bin`);
}

const equal = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);
