import type { Target, XenVersion } from "../ir/target.ts";
import { xenVersions } from "../ir/target.ts";

/**
 * Behaviour of upstream Xen that a later release changed, as data: the last release that still has it.
 * Rows of the boot-failure catalogue are named in the comments.
 */
export const lastRelease = {
  /** B9: a uImage's load and entry addresses are ignored; fixed in 4.18. */
  uimageLoadIgnored: "4.17",
  /** C5: guest device tree limited to 4096 bytes, which 33 vCPUs exceed; fixed in 4.22. */
  guestTreeIn4KiB: "4.21",
  /** B16: a guest without ramdisk is told of an empty one; fixed in 4.18. */
  ramdiskAlways: "4.17",
  /** C6: the same with the nodes of assigned devices; fixed in 4.18. */
  assignedTreeIn4KiB: "4.17",
  /** F18: a partial tree's /gic without phandle makes interrupt-parent 0; fixed in 4.20. */
  controllerWithoutPhandle: "4.19",
  /** D6: a static bank across the 3 GiB end of guest RAM 0 is a false "doesn't match up" panic; fixed in 4.22. */
  bankAcrossRam0: "4.21",
  /** D11: init-dom0less uses a fixed magic page address, never mapped for static memory; fixed in 4.21. */
  fixedMagicPages: "4.20",
  /** F22: a direct-mapped guest's GICv3 node lacks #redistributor-regions; fixed in 4.20. */
  redistributorRegionsMissing: "4.19",
  /** A9: a node named memory@… below /reserved-memory is taken as RAM; fixed in 4.20. */
  reservedMemoryAsRam: "4.19",
  /** C21: a domain without `llc-colors` gets those of the one before it; fixed in 4.21. */
  colorsInherited: "4.20",
  /** C18: `xen,vcpu` nodes with a hard affinity are not read; known from 4.21 on. */
  affinityIgnored: "4.20",
  /** A5: modules share the table of reserved memory, and four entries short of full the boot ends without a word; measured of 4.17. */
  modulesAmongReserved: "4.17",
} as const satisfies Record<string, XenVersion>;

/** Releases of upstream Xen that brought a property of a domain's node (docs/misc/arm/device-tree/booting.txt). */
export const firstRelease = {
  grants: "4.18",
  sve: "4.18",
  passthroughPolicy: "4.19",
  llcColors: "4.20",
  capabilities: "4.21",
  trapUnmappedAccesses: "4.21",
  sci: "4.21",
  enhanced: "4.21",
  v8rMsa: "4.22",
} as const satisfies Record<string, XenVersion>;

/** Whether the images are for an upstream release that reads the property. */
export const reads = (target: Target, property: keyof typeof firstRelease): boolean =>
  target.hypervisor === "xen" && xenVersions.indexOf(target.version) >= xenVersions.indexOf(firstRelease[property]);

/** Behaviour that a release of upstream Xen brought, and all later ones have. */
const broughtBy = {
  /** A partial tree's phandle above 0xfde6 is none that a guest's tree may have; 4.21 takes it. */
  phandlesReserved: "4.22",
} as const satisfies Record<string, XenVersion>;

/** Whether the images are for an upstream release that has the behaviour already. The core never has it. */
export const brings = (target: Target, behaviour: keyof typeof broughtBy): boolean =>
  target.hypervisor === "xen" && xenVersions.indexOf(target.version) >= xenVersions.indexOf(broughtBy[behaviour]);

/** Whether the images are for an upstream release that still has the behaviour. The core never has it. */
export function has(target: Target, behaviour: keyof typeof lastRelease): boolean {
  if (target.hypervisor === "core") return false;
  return xenVersions.indexOf(target.version) <= xenVersions.indexOf(lastRelease[behaviour]);
}
