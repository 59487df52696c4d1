import type { Capability, msaModels, passthroughPolicies, sciTypes } from "../ir/domain-options.ts";
import type { SizeInput } from "./input-quantity.ts";

/** Limits of a domain's grant table, from Xen 4.18 on. */
export interface GrantsInput {
  /** Newest version of the interface that it may choose. Default: gnttab=max-ver of the hypervisor's bootargs, else 1. */
  readonly version?: 1 | 2;
  /** Pages of its own table, 1 to 4096. Default: gnttab_max_frames, else 64. */
  readonly frames?: number;
  /** Pages of records of what it has mapped. 0: it maps nothing. Default: gnttab_max_maptrack_frames, else 1024. */
  readonly maptrackFrames?: number;
}

/** Fields of a domain that its releases brought one by one; each says from which on it is known. */
export interface DomainOptionsInput {
  /** Shared interrupts of its interrupt controller, 0 to 988. Default: as many as the machine's has. */
  readonly nrSpis?: number;
  /** Memory for its stage-2 tables, whole MiB. Default: 1 MiB a vCPU, 4 KiB for each MiB of memory, 512 KiB besides. */
  readonly p2mMemory?: SizeInput;
  /** From Xen 4.18 on. Default: the hypervisor's own limits. */
  readonly grants?: GrantsInput;
  /** From Xen 4.21 on. false: reads of nothing are all ones, and writes are lost. Default: true, the guest gets an abort. */
  readonly trapUnmappedAccesses?: boolean;
  /** From Xen 4.21 on: what it may do to other domains. Default: []. */
  readonly capabilities?: readonly Capability[];
  /** From Xen 4.19 on: has IOMMU mappings, and so may have devices. Default: "enabled" with devices, else "disabled". */
  readonly passthroughPolicy?: (typeof passthroughPolicies)[number];
  /** From Xen 4.18 on: longest SVE vector in bits, 128 to 2048; true: the machine's. Default: false, no SVE. */
  readonly sve?: boolean | number;
  /** From Xen 4.20 on: its colours of the last-level cache, such as "0-3,8". Default: all. */
  readonly llcColors?: string;
  /** From Xen 4.21 on: the firmware's SCMI, by SMC, is this domain's. Default: "none". */
  readonly sci?: (typeof sciTypes)[number];
  /** From Xen 4.22 on, on Armv8-R: what protects memory at EL1. Default: "mpu". */
  readonly v8rMsa?: (typeof msaModels)[number];
}
