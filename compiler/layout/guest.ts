import type { Range } from "../base/ranges.ts";
import { contains, endOf, formatRange } from "../base/ranges.ts";
import type { GuestAddr, PhysAddr } from "../base/units.ts";
import { MiB, alignUp, formatSize, guestAddr, hex, physAddr } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { guestMap } from "../ir/guest-map.ts";
import type { PlacedDomain } from "../ir/placed.ts";
import { guestImage } from "../ir/resolved.ts";
import type { KernelImage, ResolvedDomain } from "../ir/resolved.ts";
import type { Target } from "../ir/target.ts";
import { block } from "./start.ts";

const { ram0, ram1 } = guestMap;

type Bank = PlacedDomain["banks"][number];

/** Guest addresses of a domain's memory: the same as the machine's, or one piece after the other through the windows. */
export function guestBanks(domain: ResolvedDomain, machine: readonly Range<PhysAddr>[]): readonly Bank[] {
  if (domain.directMap)
    return machine.map((range) => ({ guest: { start: guestAddr(range.start), size: range.size }, machine: range }));
  const banks: Bank[] = [];
  let offset = 0;
  for (const range of machine) {
    for (const part of splitAt(range, ram0.size - offset)) {
      const start = offset < ram0.size ? ram0.start + offset : ram1.start + (offset - ram0.size);
      banks.push({ guest: { start: guestAddr(start), size: part.size }, machine: part });
      offset += part.size;
    }
  }
  return banks;
}

function splitAt(range: Range<PhysAddr>, length: number): readonly Range<PhysAddr>[] {
  if (length <= 0 || length >= range.size) return [range];
  return [
    { start: range.start, size: length },
    { start: physAddr(range.start + length), size: range.size - length },
  ];
}

export type GuestPlaces = Pick<PlacedDomain, "kernelAt" | "ramdiskAt" | "deviceTreeAt">;

/**
 * Where the loader puts things in the first bank (rows B11, B12 of the boot failures): the kernel at its start plus
 * text_offset; device tree and ramdisk, in this order, 128 MiB into the bank, else at its end, else below the kernel.
 */
export function placeGuest(domain: ResolvedDomain, bank: Range<GuestAddr>, target: Target): Outcome<GuestPlaces> {
  const kernel = kernelExtent(domain.kernel, target);
  const loaded = target.hypervisor === "core" ? kernel.memorySize : kernel.fileSize;
  const start = kernel.load ?? bank.start + kernel.textOffset;
  const inDomain = ["domains", domain.name];
  if (kernel.load !== undefined && !contains(bank, { start, size: loaded })) {
    const params = { name: domain.name, at: hex(start), bank: formatRange(bank) };
    return { diagnostics: [diagnose("XI5004", params, { primary: { path: [...inDomain, "kernel"] } })] };
  }
  const kernelSpace = alignUp(start + loaded, block) - bank.start;
  const ramdiskSize = domain.ramdisk?.bytes.length ?? 0;
  // One block for the device tree, however small it is.
  const space = block + alignUp(ramdiskSize, block);
  const at = besideKernel(bank, start, kernelSpace, space, target);
  // The third place is below the kernel: it says nothing of where the kernel itself ends.
  if (at === undefined || !contains(bank, { start, size: loaded })) {
    const params = { name: domain.name, needed: formatSize(kernelSpace + space), bank: formatSize(bank.size) };
    const path = [...inDomain, "memory", ...(domain.memory.kind === "static" ? [0] : [])];
    return { diagnostics: [diagnose("XI5003", params, { primary: { path } })] };
  }
  const places: GuestPlaces = {
    kernelAt: { start: guestAddr(start), size: kernel.memorySize },
    ...(ramdiskSize > 0 && { ramdiskAt: { start: guestAddr(at + block), size: ramdiskSize } }),
    deviceTreeAt: { start: guestAddr(at), size: block },
  };
  return { value: places, diagnostics: [] };
}

/** Xen compares strictly where the core lets things touch: a bank that fits exactly makes Xen panic. */
function besideKernel(
  bank: Range<GuestAddr>,
  kernel: number,
  kernelSpace: number,
  space: number,
  target: Target,
): number | undefined {
  const preferred = MiB(128);
  const apart = target.hypervisor === "core" ? 0 : 1;
  if (kernelSpace + apart <= preferred && bank.size >= preferred + space) return bank.start + preferred;
  if (bank.size - space >= kernelSpace + apart) return endOf(bank) - space;
  return kernel - bank.start >= space + apart ? kernel - space : undefined;
}

interface KernelExtent {
  /** Where a uImage insists to be. */
  readonly load: number | undefined;
  readonly textOffset: number;
  /** Bytes that the loader writes. */
  readonly fileSize: number;
  /** Bytes that the running kernel owns, BSS included. */
  readonly memorySize: number;
}

function kernelExtent(kernel: KernelImage, target: Target): KernelExtent {
  const { file, format } = kernel;
  const fileSize = format.kind === "gzip" ? format.unpackedSize : file.bytes.length;
  const header = guestImage(kernel);
  // Xen 4.17 does not look at the address (row B9 of the boot failures); 0 is none.
  const heeded = target.hypervisor === "core" || target.version !== "4.17";
  const load = format.kind === "uimage" && heeded ? format.load : undefined;
  return {
    load: load === 0 ? undefined : load,
    textOffset: header?.textOffset ?? 0,
    fileSize,
    memorySize: Math.max(fileSize, header?.imageSize ?? 0),
  };
}
