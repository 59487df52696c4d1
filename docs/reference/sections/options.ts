import type { Fields, Section } from "../section.ts";

/** Rows of `domains` for what later releases know. */
export const domainOptions: Fields = {
  nrSpis: {
    type: 'number from {range}: shared interrupts of its interrupt controller, INTID 32 and up. The core takes 0 for "as many as needed"',
    otherwise: "as many as the machine's has; on the core as many as needed",
    becomes: "`nr_spis`",
    guards: "XI1004, XI4904, XI4908",
  },
  p2mMemory: {
    type: "a size in whole MiB for its stage-2 tables; the core takes more where it needs more",
    otherwise: "1 MiB a vCPU, 4 KiB for each MiB of memory, 512 KiB besides; on the core what it needs",
    becomes: "`xen,domain-p2m-mem-mb`",
    guards: "XI1020, XI4310, XI4311, XI4905",
  },
  grants: {
    type: "limits of its [grant table](#grants), from Xen 4.18 on; the core passes over them",
    otherwise: "the hypervisor's",
    becomes: "`max_grant_…` and `max_maptrack_frames`",
    guards: "XI4901, XI4903, XI4906, XI4956, XI4958",
  },
  trapUnmappedAccesses: {
    type: "boolean: an access to nothing is an abort. `false`, from Xen 4.21 on: reads are all ones, and writes are lost",
    otherwise: "`true`, and nothing is written",
    becomes: "`trap-unmapped-accesses`",
    guards: "XI4900, XI4902",
  },
  capabilities: {
    type: 'a list of `"control"` (over other domains), `"hardware"` (all that nobody else has) and `"xenstore"` (serves it), from Xen 4.21 on',
    otherwise: "an ordinary domain",
    becomes: "`capabilities`, a bit each",
    guards: "XI4124, XI4900, XI4902, XI4907, XI4908",
  },
  passthroughPolicy: {
    type: '`"enabled"` or `"disabled"`, from Xen 4.19 on: whether it has IOMMU mappings, and so may have devices',
    otherwise: '`"enabled"` with `passthrough`, else `"disabled"`',
    becomes: "`passthrough`",
    guards: "XI4901, XI4902, XI4903, XI4908, XI4909",
  },
  sve: {
    type: "from Xen 4.18 on: longest vector in bits, a multiple of 128 up to 2048; `true`: what the machine has; `false`: no SVE",
    otherwise: "no SVE",
    becomes: "`sve`",
    guards: "XI1004, XI1020, XI4900, XI4902",
  },
  llcColors: {
    type: 'text, from Xen 4.20 on: its colours of the last-level cache in ascending order, `"0-3,8"`. Needs `llc-coloring=on` in the hypervisor\'s `bootargs`, and no static banks in the system',
    otherwise: "all colours",
    becomes: "`llc-colors`",
    guards: "XI1021, XI4900, XI4902, XI4910, XI4911, XI4912, XI4122, XI4128, XI4129",
  },
  sci: {
    type: '`"scmi_smc"`, from Xen 4.21 on, for one domain: its calls reach the firmware\'s SCMI; or `"none"`. Which of its devices SCMI guards, `access-controllers` of the board\'s tree says',
    otherwise: '`"none"`',
    becomes: "`xen,sci_type`",
    guards: "XI4900, XI4902, XI4913",
  },
  v8rMsa: {
    type: '`"mpu"` or `"mmu"`, from Xen 4.22 on: what the domain has at EL1 on Armv8-R',
    otherwise: '`"mpu"`',
    becomes: "`v8r_el1_msa`",
    guards: "XI4900, XI4902, XI4914",
  },
};

export const grants: Section = {
  title: "grants",
  level: 3,
  where: "`domains.*.grants`.",
  paths: ["domains.*.grants"],
  fields: {
    version: {
      type: "`1` or `2`: the newest interface that it may choose",
      otherwise: "`gnttab=max-ver` of the hypervisor's `bootargs`, else 1",
      becomes: "`max_grant_version`",
    },
    frames: {
      type: "pages of its own table, {range}",
      otherwise: "`gnttab_max_frames`, else 64",
      becomes: "`max_grant_frames`",
      guards: "XI1004",
    },
    maptrackFrames: {
      type: "pages of records of what it has mapped from others, {range}; `0`: it maps nothing",
      otherwise: "`gnttab_max_maptrack_frames`, else 1024",
      becomes: "`max_maptrack_frames`",
      guards: "XI1004",
    },
  },
};
