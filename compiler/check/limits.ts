import { KiB, MiB } from "../base/units.ts";

/** Fixed limits of the hypervisor, as its documents and public headers state them (xen/include/public/arch-arm.h). */
export const limits = {
  /** Granule of stage-2 and of static memory. */
  page: KiB(4),
  /** Static heap granule: the boot allocator's largest page size. */
  heapAlign: KiB(64),
  /** Boot modules in all, hypervisor and device tree included. */
  modules: 32,
  /** Characters of one command line; the terminating NUL needs the 1024th. */
  commandLine: 1023,
  /** Characters of a domain's node name that the early scan keeps. */
  nodeName: 41,
  /** Banks in each of the hypervisor's tables. */
  banks: 256,
  /** Reserved memory and boot modules together, in the releases where they share a table. */
  reservedAndModules: 254,
  /** vCPUs of one domain. */
  vcpus: { gicv2: 8, gicv3: 128 },
  /** Characters of a name of shared memory. */
  sharedMemoryName: 15,
  /** Tables of the core (hypervisor/include/xi/config.h). */
  eventChannels: 128,
  sharedMemory: 32,
  assignedRegions: 256,
  assignedInterrupts: 256,
  /** Of the core's XenStore: bytes of its entries and of a value, nodes of a domain (hypervisor/xen/pv/store.h). */
  storeEntries: KiB(32),
  storeValue: 256,
  storeNodes: 256,
  /** Pages of a grant table, and of records of what is mapped, in the core. */
  grantFrames: 256,
  /** Entries of a page of a grant table, version 1, and records of a page of what is mapped. */
  grantsPerFrame: 512,
  mappingsPerFrame: 4096 / 24,
  /** Event channels of a domain of the core (hypervisor/xen/state.h). */
  ports: 1024,
  /** Bytes of a guest's device tree, in the releases that fix them. */
  guestTree: KiB(4),
  /** Levels of nodes below the root that are followed, as observed of 4.17; FDT_MAX_DEPTH of the core less the root. */
  treeLevels: { xen: 15, core: 31 },
  /** Highest phandle of a partial device tree, as observed of 4.22. */
  phandle: 0xfde6,
  /** Colours of the last-level cache, unless Xen was built for another number: "too big. Using configured max 128". */
  cacheColors: 128,
  /** Boundary at which a kernel Image and the device tree's mapping begin. */
  block: MiB(2),
  /** Static memory is counted in 32-bit page numbers (row D2). */
  staticPages: 2 ** 32,
} as const;
