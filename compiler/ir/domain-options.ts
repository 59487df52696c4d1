import type { ByteSize } from "../base/units.ts";

/** What a domain may do to others (xen/include/public/bootfdt.h): one bit each, in this order. */
export const capabilities = ["control", "hardware", "xenstore"] as const;
export type Capability = (typeof capabilities)[number];

export const passthroughPolicies = ["enabled", "disabled"] as const;
export const sciTypes = ["none", "scmi_smc"] as const;
export const msaModels = ["mpu", "mmu"] as const;

/** Limits of a domain's grant table; what is left out is the hypervisor's own choice. */
export interface GrantLimits {
  readonly version?: 1 | 2 | undefined;
  /** Pages of entries that the domain may grant with. */
  readonly frames?: number | undefined;
  /** Pages of records of what it has mapped from others. */
  readonly maptrackFrames?: number | undefined;
}

/**
 * Optional properties of a domain's node that change nothing else of the system (Xen
 * docs/misc/arm/device-tree/booting.txt). An absent one leaves the hypervisor its default.
 */
export interface DomainOptions {
  /** Shared interrupts of the domain's controller, from INTID 32 on. */
  readonly nrSpis?: number;
  /** Whole MiB for the domain's stage-2 tables. */
  readonly p2mMemory?: ByteSize;
  readonly grants?: GrantLimits;
  /** Reads of nothing abort; else they are all ones, and writes are lost. */
  readonly trapUnmappedAccesses?: boolean;
  readonly capabilities?: readonly Capability[];
  /** Whether the domain has IOMMU mappings, and so may have hardware. */
  readonly passthroughPolicy?: (typeof passthroughPolicies)[number];
  /** Longest SVE vector in bits, 0 for no SVE, "max" for what the machine has. */
  readonly sve?: number | "max";
  /** Colours of the last-level cache, as ranges: "0-3,8". */
  readonly llcColors?: string;
  readonly sci?: (typeof sciTypes)[number];
  /** What an Armv8-R machine protects memory with at EL1. */
  readonly v8rMsa?: (typeof msaModels)[number];
}
