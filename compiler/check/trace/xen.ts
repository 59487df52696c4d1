import { endOf } from "../../base/ranges.ts";
import type { PlacedDomain, PlacedModule, PlacedSystem } from "../../ir/placed.ts";
import { isParked } from "../pools.ts";
import { digits, inMiB, span } from "./numbers.ts";

/**
 * What the boot log of upstream Xen says of this system, in the words of 4.17 as observed; later releases may use others.
 * The first part goes to its console ring before there is a console: `xl dmesg` shows it, a serial port does not.
 */
export function xenTrace(placed: PlacedSystem, systemTreeSize: number): readonly string[] {
  const { resolved, domains } = placed;
  const online = resolved.board.cpus.filter((cpu) => !isParked(cpu, resolved));
  return [
    ...resolved.board.ram.map((range) => `RAM: ${digits(range.start, 16)} - ${digits(endOf(range) - 1, 16)}`),
    ...moduleLines(placed, systemTreeSize),
    ...domains.flatMap((domain) => commandLine(domain, placed.modules)),
    `Command line: ${resolved.hypervisor.bootargs}`,
    `Brought up ${online.length} CPUs`,
    ...domains.flatMap((domain) => domainLines(domain, placed.modules)),
  ];
}

const kinds = { kernel: "Kernel", ramdisk: "Ramdisk", passthrough: "DTB", "xsm-policy": "XSM" } as const;

/** By the order in which the tree names them, the hypervisor itself and the tree first. */
function moduleLines({ hypervisor, deviceTree, modules }: PlacedSystem, systemTreeSize: number): readonly string[] {
  const all = [
    { start: hypervisor.start, end: endOf(hypervisor), what: "Xen" },
    { start: deviceTree.start, end: deviceTree.start + systemTreeSize, what: "Device Tree" },
    ...modules.map(({ at, kind }) => ({ start: at.start, end: endOf(at), what: kinds[kind] })),
  ];
  return all.map(
    ({ start, end, what }, index) => `MODULE[${index}]: ${digits(start, 16)} - ${digits(end, 16)} ${what}`,
  );
}

const fileOf = (
  { resolved: { name } }: PlacedDomain,
  modules: readonly PlacedModule[],
  wanted: PlacedModule["kind"],
): PlacedModule | undefined => modules.find(({ domain, kind }) => domain === name && kind === wanted);

function commandLine(domain: PlacedDomain, modules: readonly PlacedModule[]): readonly string[] {
  const { name, bootargs } = domain.resolved;
  const kernel = fileOf(domain, modules, "kernel");
  if (bootargs === undefined || kernel === undefined) return [];
  return [`CMDLINE[${digits(kernel.at.start, 16)}]:${name} ${bootargs}`];
}

function domainLines(domain: PlacedDomain, modules: readonly PlacedModule[]): readonly string[] {
  const { domid, resolved, banks, kernelAt, ramdiskAt, deviceTreeAt } = domain;
  const kernel = fileOf(domain, modules, "kernel");
  const ramdisk = fileOf(domain, modules, "ramdisk");
  const { memory } = resolved;
  const size = memory.kind === "sized" ? memory.size : memory.banks.reduce((sum, bank) => sum + bank.size, 0);
  const from = (module: PlacedModule | undefined): string => digits(module?.at.start ?? 0, 16);
  return [
    `*** LOADING DOMU cpus=${resolved.cpus} memory=${(size / 1024).toString(16)}KB ***`,
    `Loading d${domid} kernel from boot module @ ${from(kernel)}`,
    ...(ramdisk ? [`Loading ramdisk from boot module @ ${from(ramdisk)}`] : []),
    ...(memory.kind === "sized"
      ? [
          `Allocating mappings totalling ${inMiB(size)}MB for d${domid}:`,
          ...banks.map(({ guest }, index) => `d${domid} BANK[${index}] ${span(guest, 14)} (${inMiB(guest.size)}MB)`),
        ]
      : []),
    ...(kernel && resolved.kernel.format.kind === "arm64-image"
      ? [
          `Loading zImage from ${from(kernel)} to ${digits(kernelAt.start, 16)}-${digits(kernelAt.start + kernel.at.size, 16)}`,
        ]
      : []),
    ...(ramdiskAt ? [`Loading d${domid} initrd from ${from(ramdisk)} to ${span(ramdiskAt, 16)}`] : []),
    `Loading d${domid} DTB to 0x${digits(deviceTreeAt.start, 16)}-`,
  ];
}
