import type { Range } from "../base/ranges.ts";
import { joined } from "../base/ranges.ts";
import type { GuestAddr, PhysAddr } from "../base/units.ts";
import type { InputFile } from "./input-file.ts";
import type { PlacedLink } from "./pv.ts";
import type { Port, ResolvedDomain, ResolvedSystem, SharedMemory } from "./resolved.ts";

/** After LAYOUT: each region has one owner and a number. */
export interface PlacedSystem {
  readonly resolved: ResolvedSystem;
  /**
   * The one contiguous range [start, start + size) that the loaded images take: hypervisor (with its BSS), device
   * tree, modules, each at `start + offset`. image.bin is exactly this range; separate files go to the same addresses.
   */
  readonly image: Range<PhysAddr>;
  readonly hypervisor: Range<PhysAddr>;
  /** Room for system.dtb: at most 2 MiB, 8-byte aligned, as Xen requires. */
  readonly deviceTree: Range<PhysAddr>;
  readonly modules: readonly PlacedModule[];
  readonly domains: readonly PlacedDomain[];
  readonly sharedMemory: readonly PlacedShare[];
  readonly eventChannels: readonly PlacedChannel[];
  readonly pv: readonly PlacedLink[];
  /** Every claimed range of machine memory with its owner, sorted by start: what map.txt prints. */
  readonly regions: readonly Region[];
}

export interface PlacedModule {
  /** "hypervisor", which no domain is called, where it is the hypervisor's own. */
  readonly domain: string;
  readonly kind: "kernel" | "ramdisk" | "passthrough" | "xsm-policy";
  readonly file: InputFile;
  /** `size` is the file's exact size (what `reg` says); what it needs beyond that is inside the guest. */
  readonly at: Range<PhysAddr>;
}

export interface PlacedDomain {
  readonly resolved: ResolvedDomain;
  /** Xen numbers domains by their order in the device tree, from 1. */
  readonly domid: number;
  /** Guest RAM banks with the machine memory behind each; for sized memory, where the core will put it. */
  readonly banks: readonly { readonly guest: Range<GuestAddr>; readonly machine: Range<PhysAddr> }[];
  /** Where the guest's kernel, ramdisk and device tree will lie in its memory. */
  readonly kernelAt: Range<GuestAddr>;
  readonly ramdiskAt?: Range<GuestAddr>;
  readonly deviceTreeAt: Range<GuestAddr>;
}

/**
 * The guest's RAM as its device tree lists it: pieces that touch are one bank, but a direct-mapped domain keeps each
 * bank as it was configured (Xen's assign_static_memory_11). The first is where its loader puts everything.
 */
export const ramOf = ({ resolved, banks }: Pick<PlacedDomain, "resolved" | "banks">): readonly Range<GuestAddr>[] => {
  const pieces = banks.map(({ guest }) => guest);
  return resolved.directMap ? pieces : joined(pieces);
};

/** The two ends of a channel, each with its port. */
export type PlacedChannel = readonly [PlacedPort, PlacedPort];
export type PlacedPort = Required<Port>;

export interface PlacedShare {
  readonly resolved: SharedMemory;
  readonly machine: Range<PhysAddr>;
  /** Where each domain sees it, in the domains' order. */
  readonly views: readonly { readonly domain: string; readonly at: Range<GuestAddr> }[];
}

/** Numbers of the domains that have the core's XenStore, where there is one. */
export const storeDomains = ({ domains }: PlacedSystem): readonly number[] =>
  domains.filter(({ resolved }) => resolved.enhanced === "enabled").map(({ domid }) => domid);

/** The shared memory that a domain sees, and where. */
export const viewsOf = (
  { sharedMemory }: PlacedSystem,
  name: string,
): readonly { readonly share: PlacedShare; readonly at: Range<GuestAddr> }[] =>
  sharedMemory.flatMap((share) => share.views.filter(({ domain }) => domain === name).map(({ at }) => ({ share, at })));

export interface Region {
  readonly range: Range<PhysAddr>;
  readonly kind:
    "hypervisor" | "device-tree" | "module" | "static-heap" | "domain-memory" | "shared-memory" | "reserved" | "free";
  /** "hypervisor", "domain ui", "ui/kernel", … */
  readonly owner: string;
}
