import { entry } from "../entry.ts";

/** XI442 to XI444: what the schedulers promise, and where domains may run. */
export const schedulingEntries = {
  XI4420: entry({
    severity: "warning",
    message: (p: { field: string; target: string }) => `${p.target} does not know ${p.field}`,
    help: () => "without a toolstack it uses its scheduler's defaults; the core obeys",
  }),
  XI4421: entry({
    severity: "error",
    message: (p: { field: string; pool: string; scheduler: string; needed: string }) =>
      `${p.field} means nothing to "${p.scheduler}", the scheduler of pool "${p.pool}"`,
    help: (p) => `leave it out, or write scheduler: "${p.needed}" for the pool`,
  }),
  XI4440: entry({
    severity: "error",
    message: (p: { pool: string; one: string; other: string }) =>
      `the pool "${p.pool}" mixes CPUs of different models: ${p.one} and ${p.other}`,
    help: () => "make a pool of each model: a vCPU that moves would see its CPU become another one",
  }),
  XI4441: entry({
    severity: "error",
    message: (p: { hypervisor: string; cpu: string; model: string; boot: string }) =>
      `${p.hypervisor} leaves ${p.cpu} (${p.model}) off: the boot CPU is ${p.boot}`,
    help: () => 'add "hmp-unsafe=true" to hypervisor.bootargs, or use CPUs like the boot CPU',
  }),
  XI4422: entry({
    severity: "error",
    message: (p: { index: number; cpus: number }) => `there is no vCPU ${p.index}: the domain has ${p.cpus}`,
    help: () => "vcpus begins with vCPU 0; take the last ones out, or give the domain more cpus",
  }),
  XI4423: entry({
    severity: "error",
    message: (p: { cpu: string; pool: string; cpus: string }) => `${p.cpu} is not in pool "${p.pool}"`,
    help: (p) => `the domain runs on ${p.cpus}: upstream stops with "Invalid pCPU"`,
  }),
  XI4424: entry({
    severity: "error",
    message: (p: { budget: number; period: number }) => `a budget of ${p.budget} µs in each ${p.period} µs`,
    help: () => "a vCPU runs on one CPU at a time: its budget is at most its period",
  }),
  XI4425: entry({
    severity: "error",
    message: (p: { on: string; sum: string; most: string }) =>
      `the budgets on ${p.on} are ${p.sum} CPUs together, and more than ${p.most} cannot all be kept`,
    help: () => "shorten a budget, lengthen a period, or take a CPU more; on several CPUs, bind each vCPU to one",
  }),
  XI4426: entry({
    severity: "error",
    message: (p: { vcpu: number; domain: string; pool: string }) =>
      `vCPU ${p.vcpu} of "${p.domain}" may use other CPUs of pool "${p.pool}" than its neighbours`,
    help: () => "under rtds, bind each vCPU of the pool to one CPU, or none to any",
  }),
  XI4427: entry({
    severity: "error",
    message: (p: { pool: string; upstream: string | undefined }) =>
      `pool "${p.pool}" has no schedule${p.upstream === undefined ? "" : ` on ${p.upstream}`}, and arinc653 runs nobody without one`,
    help: (p) =>
      p.upstream === undefined
        ? "write schedule: { windows: [{ domain, duration }, …] } for a pool of one CPU"
        : "take another scheduler: upstream Xen has its schedules from a toolstack, and none runs here",
  }),
  XI4428: entry({
    severity: "error",
    message: (p: { pool: string; cpus: number }) => `a schedule is for one CPU, and pool "${p.pool}" has ${p.cpus}`,
    help: () => "make a pool of each CPU",
  }),
  XI4429: entry({
    severity: "error",
    message: (p: { frame: number; sum: number }) => `${p.sum} µs of windows in a major frame of ${p.frame} µs`,
    help: () => "shorten a window, or lengthen the frame",
  }),
  XI4430: entry({
    severity: "error",
    message: (p: { vcpu: number; domain: string; pool: string; there: boolean; nearest: string | undefined }) =>
      p.there ? `there is no vCPU ${p.vcpu} in "${p.domain}"` : `no domain "${p.domain}" runs in pool "${p.pool}"`,
    help: (p) =>
      p.nearest === undefined || p.there
        ? "give the window to a vCPU that runs in this pool, or leave out its domain: the CPU idles"
        : `did you mean "${p.nearest}"?`,
  }),
  XI4431: entry({
    severity: "error",
    message: (p: { vcpu: number; domain: string; pool: string }) =>
      `vCPU ${p.vcpu} of "${p.domain}" has no window in pool "${p.pool}", and would never run`,
    help: (p) => `add { domain: "${p.domain}", vcpu: ${p.vcpu}, duration: … } to the schedule`,
  }),
  XI4432: entry({
    severity: "warning",
    message: (p: { target: string }) => `${p.target} does not read affinities`,
    help: () => "upstream Xen does from 4.21 on; before, the vCPU runs on any CPU of its pool",
  }),
  XI4433: entry({
    severity: "error",
    message: (p: { vcpu: number; domain: string; pool: string }) =>
      `vCPU ${p.vcpu} of "${p.domain}" finds no CPU of its own in pool "${p.pool}"`,
    help: () => "under null each vCPU has a CPU; change an affinity, or take one more CPU into the pool",
  }),
  XI4434: entry({
    severity: "warning",
    message: (p: { domain: string; cap: number; cpus: number }) =>
      `the cap of "${p.domain}" is ${p.cap} % of a CPU, which its ${p.cpus === 1 ? "vCPU" : `${p.cpus} vCPUs`} cannot reach`,
    help: (p) => `leave it out, or say less than ${p.cpus * 100}: a cap is for all vCPUs of the domain together`,
  }),
  XI4121: entry({
    severity: "error",
    message: (p: { hypervisor: string; cpu: string }) =>
      `${p.hypervisor} leaves ${p.cpu} off: maxcpus in hypervisor.bootargs is reached before it`,
    help: () => "raise maxcpus or leave it out, or take the CPU out of the pool",
  }),
} as const;
