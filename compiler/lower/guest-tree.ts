import type { DeviceTree, Node, Value } from "dtc-js";
import { cells, cells64, decode, deviceTree, empty, findNode, getProperty, node, property, strings } from "dtc-js";
import { invariant } from "../base/invariant.ts";
import type { Range } from "../base/ranges.ts";
import { endOf, overlapOf } from "../base/ranges.ts";
import { MiB, alignUp, hex } from "../base/units.ts";
import { guestMap } from "../ir/guest-map.ts";
import type { PlacedDomain, PlacedSystem } from "../ir/placed.ts";
import { ramOf, viewsOf } from "../ir/placed.ts";
import type { BoardFacts } from "../ir/resolved.ts";
import type { Target, XenVersion } from "../ir/target.ts";
import { assignedNodes, gicPhandle } from "./assigned.ts";
import { guestDevices } from "./guest-devices.ts";

/** PPIs, level, active low (GIC binding, third cell 0xf08), for any CPU. */
const ppi = (number: number): readonly number[] => [1, number, 0xf08];

/**
 * What a guest of Xen 4.17 finds, node by node in its order, as observed: chosen, psci, cpus, memory, shared memory,
 * assigned devices, interrupt controller, timer, vPL011, hypervisor.
 */
export function guestTree(domain: PlacedDomain, placed: PlacedSystem): DeviceTree {
  const { board, target } = placed.resolved;
  const { resolved } = domain;
  const devices = guestDevices(domain, board);
  const assigned = resolved.passthrough?.tree;
  const gic = gicPhandle(assigned);
  return deviceTree({
    properties: [property("#address-cells", cells(2)), property("#size-cells", cells(2))],
    children: [
      chosen(domain, target),
      psci(),
      cpus(resolved.cpus, cpuCompatible(board)),
      memory(domain),
      ...sharedMemory(viewsOf(placed, resolved.name)),
      ...(assigned ? assignedNodes(assigned) : []),
      interruptController(devices.gic, gic),
      timer(gic),
      ...(devices.uart ? [uart(devices.uart, gic)] : []),
      ...(resolved.enhanced === undefined
        ? []
        : [hypervisor(domain, target.hypervisor === "core" ? "4.17" : target.version, gic)]),
    ],
  });
}

/** Xen 4.17 has both addresses of the ramdisk also where there is none. */
function chosen({ resolved, ramdiskAt }: PlacedDomain, target: Target): Node {
  const always = target.hypervisor === "xen" && target.version === "4.17";
  const ramdisk = ramdiskAt ?? (always ? { start: 0, size: 0 } : undefined);
  return node("chosen", {
    properties: [
      // An empty command line is none.
      ...(resolved.bootargs ? [property("bootargs", strings(resolved.bootargs))] : []),
      ...(ramdisk === undefined
        ? []
        : [
            property("linux,initrd-start", cells64(ramdisk.start)),
            property("linux,initrd-end", cells64(endOf(ramdisk))),
          ]),
    ],
  });
}

const psci = (): Node =>
  node("psci", {
    properties: [
      property("compatible", strings("arm,psci-1.0", "arm,psci-0.2", "arm,psci")),
      property("method", strings("hvc")),
      property("cpu_off", cells(1)),
      property("cpu_on", cells(2)),
    ],
  });

/** Each vCPU claims to be what the host's first CPU is, in all its names. */
function cpuCompatible(board: BoardFacts): Value {
  const decoded = decode(board.deviceTree);
  const [first] = board.cpus;
  const cpu = decoded.ok && first ? findNode(decoded.value, first.path) : undefined;
  const compatible = cpu && getProperty(cpu, "compatible");
  invariant(compatible !== undefined, "a compatible of the board's first CPU");
  return compatible.value;
}

const cpus = (count: number, compatible: Value): Node =>
  node("cpus", {
    properties: [property("#address-cells", cells(1)), property("#size-cells", cells(0))],
    children: Array.from({ length: count }, (_, index) => {
      const affinity = mpidrOf(index);
      return node(`cpu@${hex(affinity).slice(2)}`, {
        properties: [
          property("compatible", compatible),
          property("device_type", strings("cpu")),
          property("reg", cells(affinity)),
          property("enable-method", strings("psci")),
        ],
      });
    }),
  });

/** Sixteen vCPUs share a value of Aff1, because an SGI's target list has sixteen bits (GICv3, ICC_SGI1R_EL1). */
const mpidrOf = (vcpu: number): number => (vcpu % 16) | (Math.floor(vcpu / 16) << 8);

function memory(domain: PlacedDomain): Node {
  const ram = ramOf(domain);
  const [first] = ram;
  invariant(first, "a bank in every domain");
  return node(`memory@${hex(first.start).slice(2)}`, {
    properties: [
      property("device_type", strings("memory")),
      property("reg", cells64(...ram.flatMap(({ start, size }) => [start, size]))),
    ],
  });
}

/** The reserved-memory binding xen,shared-memory.txt, as Xen 4.17 writes it. */
const sharedMemory = (views: ReturnType<typeof viewsOf>): readonly Node[] =>
  views.length === 0
    ? []
    : [
        node("reserved-memory", {
          properties: [
            property("#address-cells", cells(2)),
            property("#size-cells", cells(2)),
            property("ranges", empty),
          ],
          children: views.map(({ share, at }) =>
            node(`xen-shmem@${hex(at.start).slice(2)}`, {
              properties: [
                property("compatible", strings("xen,shared-memory-v1")),
                property("reg", cells64(at.start, at.size)),
                property("xen,id", strings(share.resolved.name)),
              ],
            }),
          ),
        }),
      ];

function interruptController(gic: ReturnType<typeof guestDevices>["gic"], phandle: number): Node {
  const [distributor] = gic.reg;
  invariant(distributor, "a distributor");
  return node(`interrupt-controller@${hex(distributor.start).slice(2)}`, {
    properties: [
      property("#address-cells", cells(0)),
      property("#interrupt-cells", cells(3)),
      property("interrupt-controller", empty),
      property("compatible", strings(gic.compatible)),
      property("reg", cells64(...gic.reg.flatMap(({ start, size }) => [start, size]))),
      ...(gic.redistributorRegions > 1 ? [property("#redistributor-regions", cells(gic.redistributorRegions))] : []),
      property("linux,phandle", cells(phandle)),
      property("phandle", cells(phandle)),
    ],
  });
}

/** Secure physical, physical and virtual timer. */
const timer = (gic: number): Node =>
  node("timer", {
    properties: [
      property("compatible", strings("arm,armv8-timer")),
      property("interrupts", cells(...ppi(13), ...ppi(14), ...ppi(11))),
      property("interrupt-parent", cells(gic)),
    ],
  });

const uart = ({ range, spi }: { readonly range: Range<number>; readonly spi: number }, gic: number): Node =>
  node(`sbsa-uart@${hex(range.start).slice(2)}`, {
    properties: [
      property("compatible", strings("arm,sbsa-uart")),
      property("reg", cells64(range.start, range.size)),
      // SPI, level, active high.
      property("interrupts", cells(0, spi, 0xf04)),
      property("interrupt-parent", cells(gic)),
      property("current-speed", cells(115_200)),
    ],
  });

/** Grant table window and event interrupt as in design.md 2.4; then what is free for mapping other domains' pages. */
function hypervisor(domain: PlacedDomain, version: XenVersion, gic: number): Node {
  // A direct-mapped domain sees the machine's devices between its banks: no address is known to be free there.
  const regions = [guestMap.grantTable, ...(domain.resolved.directMap ? [] : extendedRegions(domain))];
  return node("hypervisor", {
    properties: [
      property("compatible", strings(`xen,xen-${version}`, "xen,xen")),
      property("reg", cells64(...regions.flatMap(({ start, size }) => [start, size]))),
      property("interrupts", cells(...ppi(15))),
      property("interrupt-parent", cells(gic)),
    ],
  });
}

/** The two windows of guest RAM (arch-arm.h): what banks and devices leave of each, in whole blocks of 2 MiB. */
function extendedRegions({ banks, resolved }: PlacedDomain): readonly Range<number>[] {
  const devices = resolved.passthrough?.devices.flatMap(({ regions }) => regions.map(({ guest }) => guest)) ?? [];
  return [guestMap.ram0, guestMap.ram1].flatMap((whole) => {
    // What lies behind an assigned device is left to it: it may have more of itself there.
    const first = Math.min(
      endOf(whole),
      ...devices.filter((device) => overlapOf(whole, device)).map(({ start }) => start),
    );
    const limit = first === endOf(whole) ? first : Math.max(whole.start, first - (first % MiB(2)));
    const window = { start: whole.start, size: limit - whole.start };
    const ends = banks.map(({ guest }) => endOf(guest)).filter((end) => end > window.start && end <= endOf(window));
    const start = alignUp(Math.max(window.start, ...ends), MiB(2));
    return start < endOf(window) ? [{ start, size: endOf(window) - start }] : [];
  });
}
