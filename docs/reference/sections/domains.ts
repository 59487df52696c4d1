import { domainOptions } from "./options.ts";
import type { Section } from "../section.ts";

export const domains: Section = {
  title: "domains",
  level: 2,
  where: "`domains.*`.",
  paths: ["domains.*"],
  intro: `The name is at most 41 characters.`,
  fields: {
    kernel: {
      type: "path: an arm64 Image, plain, gzip-compressed, or in a uImage; 64-bit, little-endian",
      becomes: "a module `multiboot,kernel`, its `reg`",
      guards: "XI2004, XI2005, XI4104, XI4105, XI4106, XI4107, XI4109, XI4112, XI4113, XI5004",
    },
    ramdisk: {
      type: "path: an initial ramdisk, cpio as a rule",
      otherwise: "none",
      becomes: "a module `multiboot,ramdisk`, its `reg`",
      guards: "XI4108",
    },
    bootargs: {
      type: "text: the kernel's command line, up to 1023 bytes",
      otherwise: "none",
      becomes: "`bootargs` of the kernel's module",
      guards: "XI4102, XI4212, XI4213",
    },
    cpus: {
      type: "number of vCPUs, {range}; 8 with a GICv2",
      becomes: "`cpus`",
      guards: "XI1004, XI4203, XI4204, XI4205, XI4211",
    },
    memory: {
      type: "a size, a multiple of 4 KiB, for which the hypervisor finds a place; or a list of static banks, [regions](#region) of whole pages",
      becomes: "`memory` (in KiB), and `xen,static-mem` for banks",
      guards:
        "XI4001, XI4110, XI4111, XI4201, XI4202, XI4301, XI4302, XI4303, XI4304, XI4305, XI4309, XI4311, XI4320, XI4624, XI5002, XI5003",
    },
    directMap: {
      type: "boolean: guest addresses are machine addresses. Needs static banks, the first of them on a 2 MiB boundary",
      becomes: "`direct-map`",
      guards: "XI4206, XI4208, XI4306",
    },
    console: {
      type: '`"vpl011"`: an emulated SBSA UART, `ttyAMA0` in Linux; or `"none"`',
      becomes: "`vpl011`",
      guards: "XI4209",
    },
    enhanced: {
      type: '`"no-xenstore"`: hypercalls, events and grants for the guest; `true`: XenStore too, which a domain with the capability `"xenstore"` serves from Xen 4.21 on, and the core where there are [links](#pv), and nobody else; `"legacy"`, from Xen 4.21 on: as `true`, with its pages where they were before; `false`',
      becomes: "`xen,enhanced`",
      guards: "XI4207, XI4307, XI4900, XI4915",
    },
    pool: {
      type: "name of a pool in `cpupools`",
      otherwise: "Pool-0",
      becomes: "`domain-cpupool`",
      guards: "XI3001, XI4210",
    },
    weight: {
      type: "number from {range}, under `credit2`: how much each vCPU counts against the others of the pool. Twice the weight is twice the time, where all want more than they get",
      otherwise: "256",
      becomes: "`xenimg,weight` (ours)",
      guards: "XI1004, XI4420, XI4421",
    },
    cap: {
      type: "number from {range}, under `credit2`: at most so much for all vCPUs together, in percent of one CPU, in each 50 ms",
      otherwise: "none",
      becomes: "`xenimg,cap` (ours)",
      guards: "XI1004, XI4420, XI4421, XI4434",
    },
    passthrough: {
      type: "a list of devices of the board, by path, alias, label or node name; or the path of a partial device tree of your own, `.dts` or `.dtb`",
      otherwise: "none",
      becomes: "a module `multiboot,device-tree`, and `xen,passthrough` in the board's nodes",
      guards:
        "XI3301, XI3302, XI3303, XI3304, XI3310, XI4120, XI4802, XI4803, XI4804, XI4805, XI4806, XI4807, XI4808, XI4811, XI4621, XI4626, XI4627",
    },
    rtds: {
      type: "a [reservation](#rtds), under `rtds`: of each vCPU",
      otherwise: "4000 µs in 10 000",
      becomes: "`xenimg,rtds-…` (ours)",
      guards: "XI4420, XI4421, XI4424, XI4425",
    },
    vcpus: {
      type: "a list of what differs from [vCPU](#vcpus) to vCPU, from the first on",
      becomes: "a node `xen,vcpu` each",
      guards: "XI4422",
    },
    onPoweroff: {
      type: 'what follows: `"destroy"` scrubs the memory, `"preserve"` keeps it, `"restart"` makes the domain again',
      otherwise: '`"destroy"`',
      becomes: "`xenimg,on-poweroff` (ours)",
      guards: "XI4701",
    },
    onReboot: {
      type: '`"destroy"`, `"preserve"` or `"restart"` after a reset',
      otherwise: '`"restart"`',
      becomes: "`xenimg,on-reboot` (ours)",
      guards: "XI4701",
    },
    onCrash: {
      type: '`"destroy"`, `"preserve"` or `"restart"` after a crash, or what no guest may do',
      otherwise: '`"destroy"`',
      becomes: "`xenimg,on-crash` (ours)",
      guards: "XI4701",
    },
    onWatchdog: {
      type: '`"destroy"`, `"preserve"` or `"restart"` when a watchdog was not set anew in time',
      otherwise: '`"destroy"`',
      becomes: "`xenimg,on-watchdog` (ours)",
      guards: "XI4701",
    },
    ...domainOptions,
  },
};

export const rtds: Section = {
  title: "rtds",
  level: 3,
  where: "`domains.*.rtds`, `domains.*.vcpus.rtds`.",
  paths: ["domains.*.rtds", "domains.*.vcpus.rtds"],
  fields: {
    budget: {
      type: "µs, {range}, at most the period",
      becomes: "`xenimg,rtds-budget` (ours)",
      guards: "XI1004, XI4424, XI4425",
    },
    period: { type: "µs, {range}", becomes: "`xenimg,rtds-period` (ours)", guards: "XI1004, XI4424, XI4425" },
  },
};

export const vcpus: Section = {
  title: "vcpus",
  level: 3,
  where: "`domains.*.vcpus`, each element.",
  paths: ["domains.*.vcpus"],
  fields: {
    affinity: {
      type: "a list of CPU labels of the domain's pool, at least one: no other CPU runs this vCPU",
      otherwise: "all CPUs of the pool",
      becomes: "`hard-affinity`",
      guards: "XI1008, XI3002, XI4423, XI4426, XI4432, XI4433",
    },
    rtds: {
      type: "a [reservation](#rtds), under `rtds`",
      otherwise: "that of the domain",
      becomes: "`xenimg,rtds-…` (ours) in the vCPU's node",
      guards: "XI4420, XI4421, XI4424, XI4425",
    },
  },
};
