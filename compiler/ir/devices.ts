import type { DeviceTree } from "dtc-js";
import type { Range } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import type { ConfigPath } from "../diagnostics/diagnostic.ts";
import type { InputFile } from "./input-file.ts";

/** What of the machine is a domain's own, by the partial device tree that says so (Xen docs/misc/arm/passthrough.txt). */
export interface AssignedDevices {
  readonly tree: DeviceTree;
  /** The blob of `tree`, which the hypervisor reads; `path` is that of the output. */
  readonly file: InputFile;
  /** The user's own partial tree, where it is not made from names. */
  readonly source?: InputFile;
  readonly devices: readonly AssignedDevice[];
}

/** A node of the partial tree that stands for something of the machine. */
export interface AssignedDevice {
  /** Its path within the partial tree. */
  readonly node: string;
  /** Path of its node in the board's tree: `xen,path`. */
  readonly path?: string;
  /** Whole pages: `xen,reg`. */
  readonly regions: readonly AssignedRegion[];
  /** Those of the board's node that its GIC takes. */
  readonly interrupts: readonly BoardInterrupt[];
  /** May read or write memory by itself. */
  readonly dma: boolean;
  /** Of it and all below it, at the board's IOMMUs. */
  readonly streams: readonly StreamId[];
  /** Where the configuration names it. */
  readonly place: ConfigPath;
}

/** What tells a device from others to an IOMMU: so many numbers from the first on. */
export interface StreamId {
  /** Path in the board's tree. */
  readonly iommu: string;
  readonly first: number;
  readonly count: number;
}

export interface AssignedRegion {
  readonly machine: Range<PhysAddr>;
  readonly guest: Range<number>;
}

/** Kind and number as the GIC binding counts them: the first SPI is 0, its INTID 32; the first PPI 0, its INTID 16. */
export interface BoardInterrupt {
  readonly kind: "spi" | "ppi" | "other";
  readonly number: number;
}

/** Phandle by which a partial tree means the guest's interrupt controller (xen/include/public/arch-arm.h). */
export const guestGicPhandle = 0xfde8;

/** Properties of a partial tree that are for the hypervisor: the guest does not see them. */
export const hypervisorProperties = ["xen,reg", "xen,path", "xen,force-assign-without-iommu"] as const;
