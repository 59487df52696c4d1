import type { DeviceTree, Node } from "dtc-js";
import { deviceTree, encode, findNode } from "dtc-js";
import { GiB } from "../base/units.ts";
import { hypervisorProperties } from "../ir/devices.ts";
import type { ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";
import { has } from "./versions.ts";

/*
 * How long the device tree is that upstream Xen makes for a guest, byte by byte (Devicetree Specification 0.4, chapter
 * 5): what LOWER predicts of it, counted. Words of 4 bytes; each name of a property once among the strings.
 */

const word = 4;
const padded = (bytes: number): number => Math.ceil(bytes / word) * word;
/** Token, length and name's place, then the value. */
const property = (bytes: number): number => 3 * word + padded(bytes);
/** Tokens at begin and end, and a name with its NUL. */
const node = (name: string, ...inside: readonly number[]): number =>
  2 * word + padded(name.length + 1) + inside.reduce((sum, each) => sum + each, 0);
const string = (...names: readonly string[]): number => names.reduce((sum, each) => sum + each.length + 1, 0);

/** Header, empty list of reservations, end token; /, /chosen, /psci, /cpus, /memory, /interrupt-controller, /timer. */
const always = 814;

/** Longest address in a node's name, as in `xen-shmem@33000000`. */
const address = "@00000000";

/** Of one vCPU: compatible, device_type, reg, enable-method. */
export const vcpuSize = ({ board }: ResolvedSystem): number =>
  node("cpu@100", property(string(...(board.cpus[0]?.compatible ?? []))), property(4), property(4), property(5));

/** Bytes of the guest's tree without what is assigned to it. */
export function ownTreeSize(domain: ResolvedDomain, system: ResolvedSystem): number {
  const { bootargs, ramdisk, enhanced, vpl011 } = domain;
  const views = system.sharedMemory.filter(({ owner, borrowers }) => [owner, ...borrowers].includes(domain.name));
  return (
    always +
    domain.cpus * vcpuSize(system) +
    (bankCount(domain) - 1) * 4 * word +
    (bootargs ? property(bootargs.length + 1) + string("bootargs") : 0) +
    (ramdisk !== undefined || has(system.target, "ramdiskAlways")
      ? 2 * property(8) + string("linux,initrd-start", "linux,initrd-end")
      : 0) +
    (vpl011 ? uart : 0) +
    (enhanced === undefined ? 0 : hypervisor) +
    (views.length === 0
      ? 0
      : node("reserved-memory", property(4), property(4), property(0)) + string("ranges", "xen,id")) +
    views.reduce((sum, { name }) => sum + viewSize(name), 0)
  );
}

const uart =
  node(`sbsa-uart${address}`, property(14), property(16), property(12), property(4), property(4)) +
  string("current-speed");

/** The grant table's range and two that are free. */
const hypervisor = node("hypervisor", property(21), property(48), property(12), property(4));

const viewSize = (name: string): number =>
  node(`xen-shmem${address}`, property(21), property(16), property(name.length + 1));

/** Banks that touch in the guest are one there; behind 3 GiB there is a second. */
function bankCount({ memory, directMap }: ResolvedDomain): number {
  if (memory.kind === "static" && directMap) return memory.banks.length;
  const size = memory.kind === "sized" ? memory.size : memory.banks.reduce((sum, bank) => sum + bank.size, 0);
  return size > GiB(3) ? 2 : 1;
}

/** What /aliases and /passthrough of a partial tree add: names of properties may be counted twice. */
export function assignedSize({ passthrough }: ResolvedDomain): number {
  if (passthrough === undefined) return 0;
  const { tree } = passthrough;
  const children = ["/aliases", "/passthrough"].flatMap((path) => forGuest(tree, path));
  return encode(deviceTree({ children })).length - encode(deviceTree({})).length;
}

const hidden = new Set<string>(hypervisorProperties);

function forGuest(tree: DeviceTree, path: string): readonly Node[] {
  const found = findNode(tree, path);
  return found ? [visible(found)] : [];
}

const visible = (each: Node): Node => ({
  ...each,
  properties: each.properties.filter(({ name }) => !hidden.has(name)),
  children: each.children.map(visible),
});
