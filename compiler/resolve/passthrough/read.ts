import type { DeviceTree, Located } from "dtc-js";
import { findNode, getProperty, readString, readStrings, walk } from "dtc-js";
import { overlapOf } from "../../base/ranges.ts";
import { KiB, hex, isAligned, physAddr } from "../../base/units.ts";
import type { ConfigPath } from "../../diagnostics/diagnostic.ts";
import type { AssignedDevice, AssignedRegion } from "../../ir/devices.ts";
import { addressCells, sizeCells, tuples } from "../reg.ts";
import { doesDma } from "./dma.ts";
import { interruptsOf } from "./interrupts.ts";
import type { Phandles } from "./references.ts";
import { streamsOf } from "./streams.ts";

/** What a partial tree assigns, or why the hypervisor would refuse it. */
export type Reading =
  | { readonly kind: "ok"; readonly devices: readonly AssignedDevice[] }
  | { readonly kind: "malformed"; readonly node: string; readonly reason: string }
  | { readonly kind: "stranger"; readonly path: string };

export interface Board {
  readonly tree: DeviceTree;
  readonly phandles: Phandles;
  readonly find: (name: string) => Located | undefined;
}

const page = KiB(4);
/** Guest and machine addresses of the core's stage 2. */
const addresses = 2 ** 48;

/** Every node below /passthrough that has `xen,reg` or `xen,path`. `placeOf` a board's path: who named it. */
export function readPartialTree(tree: DeviceTree, board: Board, placeOf: (path?: string) => ConfigPath): Reading {
  const bus = findNode(tree, "/passthrough");
  if (bus === undefined) return { kind: "malformed", node: "/", reason: "it has no /passthrough" };
  const compatible = getProperty(bus, "compatible");
  if (!(compatible ? (readStrings(compatible.value) ?? []) : []).includes("simple-bus"))
    return { kind: "malformed", node: "/passthrough", reason: 'its compatible is not "simple-bus"' };
  const missing = ["ranges", "#address-cells", "#size-cells"].find((name) => getProperty(bus, name) === undefined);
  if (missing !== undefined) return { kind: "malformed", node: "/passthrough", reason: `it has no ${missing}` };
  const devices: AssignedDevice[] = [];
  for (const located of walk(tree)) {
    if (!isAssigned(located)) continue;
    if (!located.path.startsWith("/passthrough/"))
      return {
        kind: "malformed",
        node: located.path,
        reason: "it has xen,reg or xen,path, but is not below /passthrough",
      };
    const device = readDevice(located, board, placeOf);
    if (device.kind !== "ok") return device;
    const clash = device.devices.flatMap(({ regions }) => regions).find((region) => clashes(region, devices));
    if (clash) {
      const reason = `its xen,reg at ${hex(clash.machine.start)} overlaps that of another node, for machine or guest, but is not the same`;
      return { kind: "malformed", node: located.path, reason };
    }
    devices.push(...device.devices);
  }
  return { kind: "ok", devices };
}

/** Devices may share whole regions; the hypervisor refuses a part of one, or another at the same guest address. */
const clashes = ({ machine, guest }: AssignedRegion, devices: readonly AssignedDevice[]): boolean =>
  devices
    .flatMap(({ regions }) => regions)
    .filter((other) => overlapOf(machine, other.machine) ?? overlapOf(guest, other.guest))
    .some(
      (other) =>
        other.machine.start !== machine.start ||
        other.machine.size !== machine.size ||
        other.guest.start !== guest.start,
    );

const isAssigned = ({ node }: Located): boolean =>
  getProperty(node, "xen,reg") !== undefined || getProperty(node, "xen,path") !== undefined;

function readDevice(located: Located, board: Board, placeOf: (path?: string) => ConfigPath): Reading {
  const { node, path } = located;
  const malformed = (reason: string): Reading => ({ kind: "malformed", node: path, reason });
  const regions = readRegions(located);
  if (typeof regions === "string") return malformed(regions);
  const property = getProperty(node, "xen,path");
  const forced = getProperty(node, "xen,force-assign-without-iommu") !== undefined;
  if (property === undefined && !forced)
    return malformed("it has xen,reg without xen,force-assign-without-iommu, and no IOMMU is driven");
  if (property === undefined)
    return {
      kind: "ok",
      devices: [{ node: path, regions, interrupts: [], dma: doesDma(located), streams: [], place: placeOf() }],
    };
  const named = readString(property.value);
  const device = named?.startsWith("/") === true ? board.find(named) : undefined;
  if (device === undefined) return { kind: "stranger", path: named ?? "" };
  if (!forced) return malformed("it has xen,path without xen,force-assign-without-iommu, and no IOMMU is driven");
  const assigned: AssignedDevice = {
    node: path,
    path: device.path,
    regions,
    interrupts: interruptsOf(device, board.tree),
    dma: doesDma(device),
    streams: streamsOf(device, board.phandles),
    place: placeOf(device.path),
  };
  return { kind: "ok", devices: [assigned] };
}

/** Machine address, size and guest address, in the cells of the node's parent. */
function readRegions({ node, parent }: Located): readonly AssignedRegion[] | string {
  if (getProperty(node, "xen,reg") === undefined) return [];
  const widths = parent ? [addressCells(parent.node), sizeCells(parent.node), addressCells(parent.node)] : [];
  const entries = widths.every((width) => width === 1 || width === 2) ? tuples(node, "xen,reg", widths) : undefined;
  if (entries === undefined || entries.length === 0)
    return "its xen,reg is not a list of machine addresses, sizes and guest addresses";
  for (const [machine = 0, size = 0, guest = 0] of entries)
    if (size === 0 || [machine, size, guest].some((number) => !isAligned(number, page) || number + size > addresses))
      return `its xen,reg at ${hex(machine)} is empty, not whole pages, or beyond 48 bits`;
  return entries.map(([machine = 0, size = 0, guest = 0]) => ({
    machine: { start: physAddr(machine), size },
    guest: { start: guest, size },
  }));
}
