import type { Section } from "../section.ts";

export const system: Section = {
  title: "The system",
  level: 2,
  where: "the object that `defineSystem` takes.",
  paths: [""],
  fields: {
    board: {
      type: "a [board](#board)",
      becomes: "the device tree's root; all of the board's own tree is kept but `/chosen`",
      guards: "XI3101",
    },
    rollbackIndex: {
      type: "number, 0 to 4294967295",
      becomes:
        "`xenimg,rollback-index` of `/chosen` and of the FIT's signed configuration, where it is not 0; `rollbackIndex` of the manifest",
      guards: "XI6066",
    },
    hypervisor: { type: "a [hypervisor](#hypervisor)", otherwise: "its defaults", becomes: "properties of `/chosen`" },
    cpupools: {
      type: "[pools](#cpupools) by name",
      otherwise: "all CPUs are one pool, Pool-0",
      becomes: "a node `xen,cpupool` each, in this order",
      guards: "XI4402, XI4404, XI4624",
    },
    domains: {
      type: "[domains](#domains) by name",
      otherwise: "at least one",
      becomes: "a node `xen,domain` each, in this order: the first is domain 1",
      guards: "XI1008, XI4101, XI4103, XI4760",
    },
    sharedMemory: {
      type: "[shared memory](#sharedmemory) by name",
      becomes: "a node `xen,domain-shared-memory-v1` in each domain that sees it; the name is `xen,shm-id`",
      guards: "XI4602, XI4606, XI4624",
    },
    eventChannels: {
      type: "a list of [channels](#eventchannels)",
      becomes: "a node `xen,evtchn-v1` in each of the two domains",
      guards: "XI4606",
    },
    pv: {
      type: "a list of [links](#pv)",
      becomes: "a node `xenimg,xenstore` (ours)",
      guards: "XI3204, XI4926, XI4955, XI4957, XI4958",
    },
  },
};

export const region: Section = {
  title: "region",
  level: 2,
  where:
    "`hypervisor.heap`, `domains.*.memory`, `board.firmware.memory`, `board.firmware.reserved`, `board.uefiHolds`.",
  paths: ["hypervisor.heap", "domains.*.memory", "board.firmware.memory", "board.firmware.reserved", "board.uefiHolds"],
  intro: `A stretch of machine memory that you place: in RAM, and on nothing else. Or, of the firmware, one that is there.`,
  fields: {
    at: { type: "address", becomes: "the first number of a pair", guards: "XI4001, XI4303, XI4309, XI4320" },
    size: { type: "size", becomes: "the second number of a pair", guards: "XI4001, XI4302, XI4303, XI4309" },
  },
};
