import type { Range } from "../../base/ranges.ts";
import type { AssignedDevice } from "../../ir/devices.ts";
import type { PlacedDomain, PlacedModule, PlacedSystem } from "../../ir/placed.ts";
import { regionKey } from "../devices.ts";
import { bootPool, domainsByGroup, poolNumbers } from "../pools.ts";
import { digits, inKiB, inMiB, span } from "./numbers.ts";

/**
 * The boot log of the core, line by line (hypervisor/core: main.c, cpus.c, domains.c, load.c), without its version and
 * what its CPUs say of themselves. A line may go on with what is known at boot only: bits of an address, a tree's end.
 */
export function coreTrace(placed: PlacedSystem): readonly string[] {
  const { image, domains, resolved } = placed;
  const { board, hypervisor } = resolved;
  return [
    `image ${span(image, 12)}, device tree inside`,
    ...rangeLines("RAM", board.ram),
    ...rangeLines("RESERVED", board.reserved),
    ...rangeLines("HEAP", hypervisor.staticHeap),
    `Brought up ${board.cpus.length} CPUs`,
    ...poolLines(placed),
    ...domains.flatMap((domain) => domainLines(domain, placed)),
  ];
}

const rangeLines = (what: string, ranges: readonly Range<number>[]): readonly string[] =>
  ranges.map((range, index) => `${what}[${index}] ${span(range, 12)} (${inKiB(range.size)}KB)`);

/** Pools in which nobody runs are silent. */
function poolLines({ resolved }: PlacedSystem): readonly string[] {
  const numbered = domainsByGroup(resolved).map(({ group, domains: [first, ...others] }) => {
    const vcpus = [first, ...others].reduce((sum, domain) => sum + (domain?.cpus ?? 0), 0);
    const scheduler = group.scheduler === "credit" ? "credit2" : group.scheduler;
    const number = first === undefined ? 0 : poolNumber(first, resolved);
    return { number, line: `Pool-${number}: ${scheduler}, ${group.cpus.length} CPUs, ${vcpus} vCPUs` };
  });
  return numbered.sort((a, b) => a.number - b.number).map(({ line }) => line);
}

function poolNumber({ pool }: PlacedDomain["resolved"], resolved: PlacedSystem["resolved"]): number {
  const own = pool ?? bootPool(resolved);
  return own === undefined ? 0 : (poolNumbers(resolved)[resolved.cpupools.indexOf(own)] ?? 0);
}

function domainLines(domain: PlacedDomain, placed: PlacedSystem): readonly string[] {
  const { domid, resolved, banks } = domain;
  const size = banks.reduce((sum, { machine }) => sum + machine.size, 0);
  return [
    `d${domid} (${resolved.name}): ${resolved.cpus} vCPUs, ${inKiB(size)}KB, Pool-${poolNumber(resolved, placed.resolved)}`,
    ...banks.map(
      ({ guest, machine }, index) =>
        `d${domid} BANK[${index}] ${span(guest, 12)} (${inMiB(guest.size)}MB) at 0x${digits(machine.start, 12)}`,
    ),
    ...deviceLines(domid, resolved.passthrough?.devices ?? []),
    ...loadLines(domain, placed.modules),
  ];
}

function deviceLines(domid: number, devices: readonly AssignedDevice[]): readonly string[] {
  const regions = new Map(devices.flatMap((device) => device.regions).map((region) => [regionKey(region), region]));
  return [...regions.values()].map(
    ({ guest, machine }, index) => `d${domid} DEVICE[${index}] ${span(guest, 12)} at 0x${digits(machine.start, 12)}`,
  );
}

function loadLines(
  { domid, resolved, kernelAt, ramdiskAt, deviceTreeAt }: PlacedDomain,
  modules: readonly PlacedModule[],
): readonly string[] {
  const line = (kind: PlacedModule["kind"], to: Range<number>): readonly string[] => {
    const module = modules.find((each) => each.domain === resolved.name && each.kind === kind);
    const from = module === undefined ? "" : digits(module.at.start, 16);
    return [`Loading d${domid} ${kind} from 0x${from} to ${span(to, 16)}`];
  };
  return [
    ...line("kernel", kernelAt),
    ...(ramdiskAt ? line("ramdisk", ramdiskAt) : []),
    `Loading d${domid} DTB to 0x${digits(deviceTreeAt.start, 16)}-`,
  ];
}
