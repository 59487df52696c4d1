import type { DeviceTree } from "dtc-js";
import { decode, encode } from "dtc-js";
import { toHex } from "../base/hex.ts";
import { invariant } from "../base/invariant.ts";
import { sameBytes } from "../base/same-bytes.ts";
import { joined } from "../base/ranges.ts";
import type { Artifact, Piece } from "../ir/artifact.ts";
import { pieceLength, sizeOf } from "../ir/artifact.ts";
import type { AssignedDevices } from "../ir/devices.ts";
import type { Digest } from "../ir/host.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { TargetPlan } from "../ir/plan.ts";
import { joiner } from "./joiner.ts";
import { verifyOptions } from "./options.ts";
import { verifyPlannedDisk } from "./disk/verify.ts";
import type { PlannedSystem } from "./fit/planned.ts";
import { verifyPlannedFit } from "./fit/planned.ts";
import { verifyPlannedEfi } from "./pe/planned.ts";
import type { FoundDomain } from "./system-facts.ts";
import { regionsIn, systemFacts } from "./system-facts.ts";

/** VERIFY: the written bytes say what was planned. Throws our own mistakes; a user cannot cause one. `others` are in the FIT, too. */
export function verify(
  plan: TargetPlan,
  artifacts: readonly Artifact[],
  digest: Digest,
  others: readonly PlannedSystem[] = [],
): void {
  const tree = decodeTree(artifacts, "system.dtb");
  verifyTree(plan.placed, tree);
  for (const { domain } of plan.guestTrees) decodeTree(artifacts, `domains/${domain}/guest.dtb`);
  for (const { resolved } of plan.placed.domains)
    if (resolved.passthrough)
      verifyDevices(resolved.passthrough, decodeTree(artifacts, resolved.passthrough.file.path));
  for (const file of plan.files) {
    const length = lengthOf(find(artifacts, file.path).pieces);
    const planned = file.content.kind === "bytes" ? file.content.bytes.length : lengthOf([encode(tree)]);
    invariant(length === planned, `${file.path} to be whole`);
  }
  const image = artifacts.find(({ path }) => path === "image.bin");
  if (image) verifyImage(plan.placed, image.pieces, encode(tree), digest);
  const fit = artifacts.find(({ path }) => path === "image.itb");
  const efi = artifacts.find(({ path }) => path === "image.efi");
  const join = joiner(Math.max(fit ? sizeOf(fit) : 0, efi ? sizeOf(efi) : 0));
  if (fit) verifyPlannedFit([{ plan, tree: encode(tree) }, ...others], fit, digest, join);
  if (efi) verifyPlannedEfi(plan, efi, encode(tree), join);
  const disk = artifacts.find(({ path }) => path === "disk.img");
  if (disk) verifyPlannedDisk(disk, (pieces) => digest("sha256", pieces));
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
  return decoded.value;
}

/** The device tree describes exactly the planned domains and modules. */
function verifyTree(placed: PlacedSystem, tree: DeviceTree): void {
  const { domains, heap, modules: own, assigned, rollbackIndex } = systemFacts(tree);
  invariant(rollbackIndex === placed.resolved.rollbackIndex, "the planned rollback index");
  const given = placed.domains.flatMap(({ resolved }) => resolved.passthrough?.devices ?? []);
  for (const { path } of given) invariant(path === undefined || assigned.includes(path), `${path ?? ""} to be marked`);
  const sameRanges = (a: readonly { start: number; size: number }[], b: readonly { start: number; size: number }[]) =>
    a.length === b.length && a.every((range, index) => range.start === b[index]?.start && range.size === b[index].size);
  invariant(sameRanges(heap, joined(placed.resolved.hypervisor.staticHeap)), "the planned static heap");
  const modulesOf = (owner: string) => placed.modules.filter(({ domain }) => domain === owner).map(({ at }) => at);
  invariant(sameRanges(own, modulesOf("hypervisor")), "the hypervisor's own modules as planned");
  invariant(domains.length === placed.domains.length, "the planned number of domains");
  verifyLinks(placed, domains);
  for (const [index, { resolved }] of placed.domains.entries()) {
    const found = domains[index];
    invariant(found?.name === resolved.name && found.cpus === resolved.cpus, `domain ${resolved.name} as planned`);
    verifyOptions(resolved, found.node);
    const banks = resolved.memory.kind === "static" ? resolved.memory.banks : [];
    invariant(sameRanges(found.banks, banks), `the banks of ${resolved.name} as planned`);
    invariant(sameRanges(found.modules, modulesOf(resolved.name)), `the modules of ${resolved.name} as planned`);
  }
}

/** The partial tree assigns the pages that were checked, and no others. */
function verifyDevices({ devices }: AssignedDevices, tree: DeviceTree): void {
  const planned = devices.flatMap(({ regions }) =>
    regions.map(({ machine, guest }) => [machine.start, machine.size, guest.start]),
  );
  invariant(String(regionsIn(tree)) === String(planned), `a partial tree that assigns ${String(planned)}`);
}

/** Shared memory where it was placed, and each channel with the two ends that were planned. */
function verifyLinks({ sharedMemory, eventChannels }: PlacedSystem, domains: readonly FoundDomain[]): void {
  for (const { resolved: share, machine, views } of sharedMemory)
    for (const { domain, at } of views) {
      const found = domains.find(({ name }) => name === domain)?.views[share.name];
      invariant(String(found) === String([machine.start, at.start, machine.size]), `${share.name} in ${domain}`);
    }
  const ends = domains.flatMap(({ name, ports }) => ports.map((port) => ({ name, ...port })));
  invariant(ends.length === 2 * eventChannels.length, "the planned number of event channels");
  for (const [from, to] of eventChannels) {
    const end = ends.find(({ name, port }) => name === from.domain && port === from.port);
    const other = ends.find(({ phandle }) => phandle === end?.other);
    invariant(other?.name === to.domain && other.port === to.port, `the channel of ${from.domain}, port ${from.port}`);
    invariant(other.other === end?.phandle, `the way back from ${to.domain}, port ${to.port}`);
  }
}

/** The core's headers say what follows, and each module's bytes are at the offset that the device tree names. */
function verifyImage(placed: PlacedSystem, pieces: readonly Piece[], tree: Uint8Array, digest: Digest): void {
  const { image, hypervisor, deviceTree, modules } = placed;
  invariant(lengthOf(pieces) === image.size, "image.bin to fill its range");
  const contents = new Map<number, Uint8Array>();
  let at = image.start as number;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array && piece.length > 0) contents.set(at, piece);
    at += pieceLength(piece);
  }
  const core = contents.get(hypervisor.start);
  invariant(core, "the hypervisor at the start of image.bin");
  const table = contents.get(Math.ceil((deviceTree.start + tree.length) / 8) * 8);
  invariant(table, "the table of parts behind the device tree");
  verifyCore(placed, core, tree.length, table.length);
  const sha256 = (bytes: Uint8Array): string => digest("sha256", [bytes]);
  invariant(toHex(core.subarray(120, 152)) === sha256(table), "the table of parts that the core's header names");
  const treeBytes = contents.get(deviceTree.start);
  invariant(treeBytes && sameBytes(treeBytes, tree), "the device tree inside image.bin");
  const filled = modules.filter(({ file }) => file.bytes.length > 0);
  for (const { at: range, file, domain, kind } of filled)
    invariant(contents.get(range.start) === file.bytes, `${domain}/${kind} inside image.bin`);
  invariant(contents.size === 3 + filled.length, "nothing else inside image.bin");
  const parts = [[deviceTree.start, tree] as const, ...modules.map(({ at, file }) => [at.start, file.bytes] as const)];
  const planned = parts.map(([start, bytes]) => [start - image.start, bytes.length, sha256(bytes)]);
  invariant(String(partsOf(table)) === String(planned), "the device tree and the modules in the table of parts");
}

/** Offset, size and SHA-256 of each entry, at the offsets of struct xi_image_part. */
function partsOf(table: Uint8Array): readonly (readonly (number | string)[])[] {
  const view = new DataView(table.buffer, table.byteOffset, table.byteLength);
  return Array.from({ length: table.length / 48 }, (_, index) => {
    const at = 48 * index;
    const number = (offset: number): number => Number(view.getBigUint64(at + offset, true));
    return [number(0), number(8), toHex(table.subarray(at + 16, at + 48))];
  });
}

/** Bytes of the core's file that the packer may change: image_size, and the boot header behind the Image header. */
const patched = [
  { start: 16, size: 8 },
  { start: 64, size: 88 },
];

/** Read at the offsets of Linux' booting.rst and hypervisor/include/xi/boot_header.h, without PACK's own tables. */
function verifyCore(
  { image, deviceTree, resolved }: PlacedSystem,
  core: Uint8Array,
  treeSize: number,
  tableSize: number,
): void {
  const original = resolved.hypervisor.image.file.bytes;
  const differing = (a: Uint8Array, b: Uint8Array): boolean =>
    a.length !== b.length ||
    a.some((byte, at) => byte !== b[at] && !patched.some(({ start, size }) => at >= start && at < start + size));
  invariant(!differing(core, original), "the core as it was, but for its headers");
  const view = new DataView(core.buffer, core.byteOffset, core.byteLength);
  const found = [16, 80, 88, 96, 104, 112].map((offset) => Number(view.getBigUint64(offset, true)));
  const planned = [image.size, image.start, image.size, deviceTree.start - image.start, treeSize, tableSize];
  invariant(String(found) === String(planned), `headers of image.bin to say ${String(planned)}`);
}
