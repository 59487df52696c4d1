import type { Section } from "../section.ts";

export const hypervisor: Section = {
  title: "hypervisor",
  level: 2,
  where: "`hypervisor`.",
  paths: ["hypervisor"],
  fields: {
    bootargs: {
      type: "text: the hypervisor's command line, up to 1023 bytes. Of an option that stands there twice the last counts",
      becomes: "`/chosen xen,xen-bootargs`",
      guards: "XI4102, XI4403, XI4812",
    },
    heap: {
      type: "a [region](#region), or a list of them: memory that the hypervisor allocates from and nothing else uses. Multiples of 64 KiB. It must hold the memory of all domains that are given a size, and a pool for each domain's stage-2 tables",
      otherwise: "all RAM that is left over",
      becomes: "`/chosen xen,static-heap`",
      guards: "XI4001, XI4303, XI4305, XI4308, XI4309, XI4310, XI4320",
    },
    xsmPolicy: {
      type: "a file: a compiled FLASK policy, for an upstream Xen that was built with XSM. The core has no XSM",
      otherwise: "none: an upstream Xen takes the one that it was built with, if any",
      becomes: "a module `xen,xsm-policy` of /chosen",
      guards: "XI4125, XI4126",
    },
  },
};
