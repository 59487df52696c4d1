import { cells, empty, property, strings } from "dtc-js";
import type { SystemInput } from "../../../compiler/index.ts";
import type { Case } from "./case.ts";
import { hello, set, setInChild, system } from "./systems.ts";

const pools = (cpupools: unknown, pool = "a"): SystemInput =>
  system({
    cpupools: cpupools as NonNullable<SystemInput["cpupools"]>,
    domains: { ui: hello("ui", { pool }), other: hello("other") },
  });

const sound = pools({ a: { cpus: ["cpu1"] } });

/** CPU pools and their schedulers. */
export const poolCases: readonly Case[] = [
  {
    row: "F1",
    what: "a scheduler that does not exist",
    on: "core",
    wrong: pools({ a: { cpus: ["cpu1"], scheduler: "fifo" } }),
    code: "XI1005",
    sound,
    damage: setInChild("/chosen", "cpupool-cpus", property("cpupool-sched", strings("fifo"))),
    seen: { stops: /^error: \/chosen\/cpupool-a: cpupool-sched: no scheduler "fifo"/ },
  },
  {
    row: "F1",
    what: "the same on the command line, on upstream Xen",
    on: "xen",
    wrong: system({ hypervisor: { bootargs: "console=dtuart guest_loglvl=all loglvl=all sched=fifo" } }),
    code: "XI4403",
    seen: { warns: /Could not find scheduler: fifo/ },
  },
  {
    row: "F3",
    what: "a pool without CPUs",
    on: "core",
    wrong: pools({ a: { cpus: [] } }),
    code: "XI1008",
    sound,
    damage: setInChild("/chosen", "cpupool-cpus", property("cpupool-cpus", empty)),
    seen: { stops: /^error: \/chosen\/cpupool-a: cpupool-cpus: missing or empty/ },
  },
  {
    row: "F4",
    what: "a CPU that the board does not have",
    on: "core",
    wrong: pools({ a: { cpus: ["cpu7"] } }),
    code: "XI3002",
    sound,
    damage: setInChild("/chosen", "cpupool-cpus", property("cpupool-cpus", cells(0x1234))),
    seen: { stops: /^error: \/chosen\/cpupool-a: cpupool-cpus: entry 0 is no CPU of this machine/ },
  },
  {
    row: "F5",
    what: "a CPU in two pools",
    on: "core",
    wrong: pools({ a: { cpus: ["cpu1"] }, b: { cpus: ["cpu0", "cpu1"] } }),
    code: "XI4401",
    seen: { stops: /^error: \/chosen\/cpupool-b: cpupool-cpus: entry 1 is in a pool already/ },
  },
  {
    row: "F7",
    what: "a pool that does not exist",
    on: "core",
    wrong: pools({ a: { cpus: ["cpu1"] } }, "b"),
    code: "XI3001",
    sound,
    damage: set("/chosen/ui", property("domain-cpupool", cells(0x1234))),
    seen: { stops: /^error: \/chosen\/ui: domain-cpupool: not the phandle of a xen,cpupool node/ },
  },
  {
    row: "F8",
    what: "a second pool with the boot CPU, which is the first then",
    on: "core",
    wrong: pools({ a: { cpus: ["cpu1"] }, b: { cpus: ["cpu0"] } }),
    code: "XI4402",
    seen: { warns: /^d2 \(other\): .*, Pool-0$/ },
  },
  {
    row: "F9",
    what: "more vCPUs under null than CPUs",
    on: "core",
    wrong: system({
      hypervisor: { bootargs: "console=dtuart sched=null" },
      domains: { ui: hello("ui", { cpus: 2 }), other: hello("other") },
    }),
    code: "XI4210",
    seen: { stops: /^error: \/chosen: cpupool-sched: null has a CPU for each vCPU: 3 vCPUs, 2 CPUs/ },
  },
];
