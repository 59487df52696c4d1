import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { DomainInput, PoolInput, SystemInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { checkSystem } from "../testing/system.ts";

interface Sketch {
  readonly bootargs?: string;
  readonly pools?: Readonly<Record<string, PoolInput>>;
  readonly domains: Readonly<Record<string, Partial<DomainInput>>>;
}

/** Four CPUs. */
function system({ bootargs = "console=dtuart", pools = {}, domains }: Sketch): SystemInput {
  const whole = Object.entries(domains).map(([name, domain]) => [
    name,
    { kernel: "Image", memory: MiB(32), ...domain },
  ]);
  return {
    board: qemuVirt({ gic: 3, cpus: 4, memory: "1GiB" }),
    hypervisor: { bootargs },
    cpupools: pools,
    domains: Object.fromEntries(whole) as SystemInput["domains"],
  };
}

const xen: Target = { hypervisor: "xen", version: "4.17" };

async function codes(sketch: Sketch, target?: Target): Promise<readonly string[]> {
  const { diagnostics } = await checkSystem(system(sketch), target && { target });
  return diagnostics.map(({ code }) => code).filter((code) => code !== "XI4624");
}

/** Codes with the places that they name. */
async function places(sketch: Sketch): Promise<readonly string[]> {
  const { diagnostics } = await checkSystem(system(sketch));
  return diagnostics.map(
    ({ code, primary }) => `${code} ${primary?.path?.join(".") ?? ""}${primary?.at === "key" ? ".(key)" : ""}`,
  );
}

describe("the scheduler of a pool without one", () => {
  const five = { ui: { cpus: 5 } };

  it("is what sched= says, the last of them", async () => {
    expect(await codes({ bootargs: "sched=credit2 sched=null", domains: five })).toEqual(["XI4210"]);
    expect(await codes({ bootargs: "sched=null sched=credit2", domains: five })).toEqual(["XI4211"]);
  });

  it("is credit2 where nothing says otherwise", async () => {
    expect(await codes({ bootargs: "noreboot xsched=null", domains: five })).toEqual(["XI4211"]);
  });

  it("is one that the target has", async () => {
    const domains = { ui: {} };
    expect(await codes({ bootargs: "sched=fifo", domains })).toEqual(["XI4403"]);
    expect(await codes({ bootargs: "sched=fifo sched=rtds", domains })).toEqual([]);
    expect(await codes({ bootargs: "sched=rtds", domains }, xen)).toEqual([]);
    expect(await codes({ bootargs: "sched=credit3", domains }, xen)).toEqual(["XI4403"]);
    expect(await codes({ bootargs: "sched=", domains }, xen)).toEqual(["XI4403"]);
  });
});

describe("weight and cap", () => {
  const pools = { fast: { cpus: ["cpu3"], scheduler: "null" as const } };

  it("are for credit2, in the domain's own pool", async () => {
    expect(await codes({ pools, domains: { ui: { weight: 512, cap: 50 } } })).toEqual([]);
    expect(await codes({ bootargs: "sched=credit", pools, domains: { ui: { cap: 50 } } })).toEqual([]);
    expect(await codes({ pools, domains: { ui: { pool: "fast", weight: 512, cap: 50 } } })).toEqual([
      "XI4421",
      "XI4421",
    ]);
    expect(await codes({ bootargs: "sched=null", domains: { ui: { weight: 512 } } })).toEqual(["XI4421"]);
  });

  it("are not upstream's to know", async () => {
    expect(await codes({ domains: { ui: { weight: 512, cap: 50 } } }, xen)).toEqual(["XI4420", "XI4420"]);
  });
});

describe("domains that name no pool", () => {
  const boot = { cpus: ["cpu0"], scheduler: "null" as const };

  it("run in that of the boot CPU, beside those that name it", async () => {
    expect(await places({ pools: { boot }, domains: { a: { pool: "boot" }, b: {} } })).toEqual([
      "XI4210 domains.b.cpus",
    ]);
    const fair = { cpus: ["cpu0"] };
    expect(await places({ pools: { fair }, domains: { a: { cpus: 2 } } })).toEqual(["XI4211 domains.a.cpus"]);
  });

  it("are told where that pool is not the first", async () => {
    const late = { cpus: ["cpu2"] };
    expect(await places({ pools: { late, boot }, domains: { a: {} } })).toEqual(["XI4402 cpupools.boot.(key)"]);
    expect(await places({ pools: { boot, late }, domains: { a: {} } })).toEqual([]);
    expect(await places({ pools: { late, boot }, domains: { a: { pool: "boot" } } })).toEqual([]);
    expect(await places({ pools: { late }, domains: { a: {} } })).toEqual([]);
  });

  it("run on the CPUs that are in no pool", async () => {
    const rest = { cpus: ["cpu2", "cpu3"] };
    expect(await places({ pools: { rest }, domains: { a: { cpus: 2 } } })).toEqual([]);
    expect(await places({ pools: { rest }, domains: { a: { cpus: 3 } } })).toEqual(["XI4211 domains.a.cpus"]);
  });
});

describe("a pool called Pool-0", () => {
  const pools = { "Pool-0": { cpus: ["cpu3"], scheduler: "null" as const } };

  it("is not the pool of domains that name none", async () => {
    const domains = { realtime: { pool: "Pool-0" }, ui: { cpus: 3 } };
    expect(await codes({ pools, domains })).not.toContain("XI4210");
  });
});

describe("a pool that is called by another pool's number", () => {
  const domains = { ui: {} };
  const on = (...names: readonly string[]) =>
    Object.fromEntries(names.map((name, index): [string, PoolInput] => [name, { cpus: [`cpu${index}`] }]));

  it("is told: pools are numbered in order, the boot CPU's first", async () => {
    expect(await codes({ pools: on("Pool-0", "Pool-1", "rest"), domains })).toEqual([]);
    expect(await codes({ pools: on("Pool-1", "Pool-0"), domains })).toEqual(["XI4404", "XI4404"]);
    expect(await codes({ pools: on("a", "Pool-7"), domains })).toEqual(["XI4404"]);
  });

  it("is told where the boot CPU's pool changes places with the first", async () => {
    const swapped = { "Pool-1": { cpus: ["cpu2"] }, "Pool-0": { cpus: ["cpu0"] } };
    expect(await codes({ pools: swapped, domains: { ui: { pool: "Pool-0" } } })).toEqual([]);
  });

  it("is told where the boot CPU is in none, and the CPUs that are left become Pool-0", async () => {
    const late = { "Pool-0": { cpus: ["cpu2"] }, "Pool-1": { cpus: ["cpu3"] } };
    expect(await codes({ pools: late, domains })).toEqual(["XI4404"]);
    expect(await codes({ pools: { "Pool-2": { cpus: ["cpu2"] }, "Pool-1": { cpus: ["cpu3"] } }, domains })).toEqual([]);
  });
});

describe("CPUs of two models", () => {
  /** cpu0 and cpu1 of one, cpu2 and cpu3 of the other. */
  const deviceTree = readFileSync(new URL("../../fixtures/files/big-little.dtb", import.meta.url));
  const bigLittle = async (sketch: Sketch, target?: Target): Promise<readonly string[]> => {
    const config = system(sketch);
    const board = { ...config.board, deviceTree };
    const { diagnostics } = await checkSystem({ ...config, board }, target && { target });
    return diagnostics.map(({ code }) => code).filter((code) => code !== "XI4624");
  };
  const ui = { cpus: 2 };
  const big = { cpus: ["cpu0", "cpu1"] };
  const little = { cpus: "cluster1" as const };

  it("are no pool of the core, declared or not", async () => {
    expect(await bigLittle({ domains: { ui } })).toEqual(["XI4440"]);
    expect(
      await bigLittle({ pools: { mixed: { cpus: ["cpu1", "cpu2"] } }, domains: { ui: { pool: "mixed" } } }),
    ).toEqual(["XI4440"]);
    expect(await bigLittle({ pools: { little }, domains: { ui, other: { pool: "little" } } })).toEqual([]);
  });

  it("are not all there on upstream Xen: it leaves those off that nobody names, and panics on a pool of others", async () => {
    expect(await bigLittle({ domains: { ui } }, xen)).toEqual([]);
    expect(await bigLittle({ domains: { ui: { cpus: 3 } } }, xen)).toEqual(["XI4211"]);
    expect(await bigLittle({ pools: { big, little }, domains: { ui } }, xen)).toEqual(["XI4441"]);
  });

  it.each([
    ["hmp-unsafe", true],
    ["hmp-unsafe=true", true],
    ["hmp-unsafe=0 hmp-unsafe=on", true],
    ["hmp-unsafe hmp-unsafe=false", false],
    ["hmp-unsafe no-hmp-unsafe", false],
    ["xhmp-unsafe", false],
  ])("are all taken by upstream Xen with %s: %s", async (bootargs, taken) => {
    expect(await bigLittle({ bootargs, pools: { big, little }, domains: { ui } }, xen)).toEqual(
      taken ? [] : ["XI4441"],
    );
  });
});

describe("CPUs that maxcpus keeps off", () => {
  const pools = { realtime: { cpus: ["cpu1", "cpu2"] } };

  it.each([
    ["maxcpus=2", ["XI4121"]],
    ["maxcpus=3", []],
    ["maxcpus=4 maxcpus=2", ["XI4121"]],
    ["maxcpus=2 maxcpus=3", []],
    ["maxcpus=0", []],
    ["maxcpus=few", []],
    ["xmaxcpus=1", []],
  ])("are in no pool of upstream Xen: %s", async (bootargs, expected) => {
    const domains = { ui: { pool: "realtime" } };
    expect(await codes({ bootargs, pools, domains }, xen)).toEqual(expected);
    expect(await codes({ bootargs: `console=dtuart ${bootargs}`, pools, domains })).toEqual([]);
  });

  it("are none that a domain of Pool-0 could run on", async () => {
    const domains = { ui: { cpus: 3 } };
    expect(await codes({ bootargs: "maxcpus=3", domains }, xen)).toEqual([]);
    expect(await codes({ bootargs: "maxcpus=2", domains }, xen)).toEqual(["XI4211"]);
  });
});
