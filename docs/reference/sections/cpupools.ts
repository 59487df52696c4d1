import type { Section } from "../section.ts";

export const cpupools: Section = {
  title: "cpupools",
  level: 2,
  where: "`cpupools.*`.",
  paths: ["cpupools.*"],
  intro: `CPUs that no pool names form a pool of their own. The pool with the boot CPU is Pool-0: domains
that name no pool run there.`,
  fields: {
    cpus: {
      type: 'a list of CPU labels of the board, at least one, each in one pool only and all of one model; or the name of a cluster in its device tree\'s `cpu-map`, `"cluster1"` or `"socket0/cluster1"`',
      becomes: "`cpupool-cpus`",
      guards: "XI3002, XI3004, XI4401, XI4121, XI4440, XI4441",
    },
    scheduler: {
      type: '`"null"`, `"credit"`, `"credit2"`, `"rtds"` or `"arinc653"`; the core takes `"credit"` for `"credit2"`',
      otherwise: '`sched=` of the hypervisor\'s `bootargs`, else `"credit2"`',
      becomes: "`cpupool-sched`",
      guards: "XI4403, XI4210",
    },
    schedule: {
      type: "a [schedule](#schedule), under `arinc653`, which needs one; for one CPU",
      otherwise: "none",
      becomes: "`xenimg,arinc653-…` (ours)",
      guards: "XI4420, XI4421, XI4427, XI4428",
    },
  },
};

export const schedule: Section = {
  title: "schedule",
  level: 3,
  where: "`cpupools.*.schedule`.",
  paths: ["cpupools.*.schedule"],
  fields: {
    majorFrame: {
      type: "µs from {range}, after which the windows begin again",
      otherwise: "the sum of the windows",
      becomes: "`xenimg,arinc653-frame`",
      guards: "XI1004, XI4429",
    },
    windows: {
      type: "a list of 1 to 64 [windows](#window), one after the other from the frame's begin. What they leave over, the CPU idles",
      becomes: "`xenimg,arinc653-windows`",
      guards: "XI1001, XI1008, XI4429, XI4431",
    },
  },
};

export const window: Section = {
  title: "window",
  level: 3,
  where: "`cpupools.*.schedule.windows`, each element.",
  paths: ["cpupools.*.schedule.windows"],
  fields: {
    domain: {
      type: "name of a domain of this pool",
      otherwise: "nobody: the CPU idles",
      becomes: "`xenimg,arinc653-domains`",
      guards: "XI4430",
    },
    vcpu: {
      type: "number of its vCPU, {range}",
      becomes: "`xenimg,arinc653-windows`, first number of a pair",
      guards: "XI1004, XI4430",
    },
    duration: {
      type: "µs from {range}",
      becomes: "`xenimg,arinc653-windows`, second number of a pair",
      guards: "XI1004, XI4429",
    },
  },
};
