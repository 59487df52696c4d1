import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { DomainInput, PoolInput, SystemInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { checkSystem } from "../testing/system.ts";

/** `pool: undefined`: it names none. */
type Domains = Readonly<Record<string, Partial<Omit<DomainInput, "pool">> & { readonly pool?: string | undefined }>>;
interface Surroundings {
  readonly target?: Target;
  readonly bootargs?: string;
}

/** Four CPUs; domains run in the pool "p" of the last of them. */
async function found(pool: PoolInput, domains: Domains, { target, bootargs }: Surroundings = {}) {
  const whole = Object.entries(domains).map(([name, domain]) => [
    name,
    { kernel: "Image", memory: MiB(32), pool: "p", ...domain },
  ]);
  const system = {
    board: qemuVirt({ gic: 3, cpus: 4, memory: "1GiB" }),
    ...(bootargs !== undefined && { hypervisor: { bootargs } }),
    cpupools: { p: pool },
    domains: Object.fromEntries(whole) as SystemInput["domains"],
  };
  const { diagnostics } = await checkSystem(system, target && { target });
  return diagnostics.filter(({ code }) => code !== "XI4211" && code !== "XI4624");
}

const codes = async (pool: PoolInput, domains: Domains, target?: Target): Promise<readonly string[]> =>
  (await found(pool, domains, target && { target })).map(({ code }) => code);

/** Codes with the places that they name. */
const places = async (pool: PoolInput, domains: Domains, around?: Surroundings): Promise<readonly string[]> =>
  (await found(pool, domains, around)).map(({ code, primary }) => `${code} ${primary?.path?.join(".") ?? ""}`);

const xen = (version: "4.17" | "4.21"): Target => ({ hypervisor: "xen", version });

describe("budgets", () => {
  const one: PoolInput = { cpus: ["cpu3"], scheduler: "rtds" };
  const two: PoolInput = { cpus: ["cpu2", "cpu3"], scheduler: "rtds" };

  it("fill one CPU, and no more", async () => {
    const third = { rtds: { budget: 10_000, period: 30_000 } };
    expect(await codes(one, { a: third, b: third, c: third })).toEqual([]);
    const more = { rtds: { budget: 10_001, period: 30_000 } };
    expect(await codes(one, { a: third, b: third, c: more })).toEqual(["XI4425"]);
    expect(await codes(one, { a: { cpus: 2 }, b: {} })).toEqual(["XI4425"]);
  });

  it("of several CPUs leave room for the largest", async () => {
    const half = { rtds: { budget: 5000, period: 10_000 } };
    const more = { rtds: { budget: 6600, period: 10_000 } };
    expect(await codes(two, { a: half, b: half, c: half })).toEqual([]);
    expect(await codes(two, { a: more, b: more, c: more })).toEqual(["XI4425"]);
  });

  it("fill each CPU where every vCPU is bound to one", async () => {
    const on = (cpu: string, budget: number) => ({ vcpus: [{ affinity: [cpu], rtds: { budget, period: 10_000 } }] });
    expect(await codes(two, { a: on("cpu2", 10_000), b: on("cpu3", 5000), c: on("cpu3", 5000) })).toEqual([]);
    expect(await codes(two, { a: on("cpu2", 1000), b: on("cpu3", 5001), c: on("cpu3", 5000) })).toEqual(["XI4425"]);
    expect(await codes(two, { a: on("cpu2", 1000), b: {} })).toEqual(["XI4426"]);
  });

  it("are those of the vCPU before those of its domain", async () => {
    const most = { budget: 9000, period: 10_000 };
    const own = { rtds: most, vcpus: [{ rtds: { budget: 1000, period: 10_000 } }] };
    expect(await codes(one, { a: own, b: { rtds: most } })).toEqual([]);
    expect(await codes(one, { a: { rtds: most }, b: { rtds: most } })).toEqual(["XI4425"]);
  });

  it("are at most their periods, wherever they are written", async () => {
    const whole = { budget: 10_000, period: 10_000 };
    const more = { budget: 10_001, period: 10_000 };
    expect(await places(one, { a: { rtds: whole } })).toEqual([]);
    expect(await places(one, { a: { rtds: more } })).toEqual(["XI4424 domains.a.rtds"]);
    expect(await places(one, { a: { rtds: whole, vcpus: [{ rtds: more }] } })).toEqual([
      "XI4424 domains.a.vcpus.0.rtds",
    ]);
  });

  it("are for rtds, wherever they are written", async () => {
    const rtds = { budget: 1000, period: 10_000 };
    const told = ["XI4421 domains.a.rtds", "XI4421 domains.a.vcpus.1.rtds"];
    expect(await places({ cpus: two.cpus }, { a: { cpus: 2, rtds, vcpus: [{}, { rtds }] } })).toEqual(told);
  });

  it("are bound all, or free all", async () => {
    const three: PoolInput = { cpus: ["cpu1", "cpu2", "cpu3"], scheduler: "rtds" };
    const on = (...affinity: string[]) => ({ rtds: { budget: 1000, period: 10_000 }, vcpus: [{ affinity }] });
    const all = on("cpu1", "cpu2", "cpu3");
    expect(await places(three, { a: all, b: all })).toEqual([]);
    expect(await places(three, { a: on("cpu1", "cpu2"), b: on("cpu1", "cpu2") })).toEqual(["XI4426 domains.a.cpus"]);
    expect(await places(three, { a: on("cpu1"), b: all })).toEqual(["XI4426 domains.b.cpus"]);
    const affine = { a: { vcpus: [{ affinity: ["cpu1"] }] }, b: {} };
    expect(await places(three, affine, { target: xen("4.21") })).toEqual([]);
  });

  it("are judged for the core alone", async () => {
    expect(await codes(one, { a: { cpus: 3 } }, xen("4.17"))).toEqual([]);
  });
});

describe("a schedule", () => {
  const pool = (...windows: readonly { domain?: string; vcpu?: number; duration: number }[]): PoolInput => ({
    cpus: ["cpu3"],
    scheduler: "arinc653",
    schedule: { windows },
  });

  it("has a window for each vCPU of the pool", async () => {
    const both = [{ domain: "a", duration: 500 }, { duration: 100 }, { domain: "a", vcpu: 1, duration: 500 }];
    expect(await codes(pool(...both), { a: { cpus: 2 } })).toEqual([]);
    expect(await codes(pool(...both.slice(0, 2)), { a: { cpus: 2 } })).toEqual(["XI4431"]);
    expect(await codes(pool(...both), { a: {} })).toEqual(["XI4430"]);
    expect(await codes(pool(...both), { a: { cpus: 2 }, b: {} })).toEqual(["XI4431"]);
  });

  it("is the table of a pool whose scheduler the command line names", async () => {
    const table = { cpus: ["cpu3"], schedule: { windows: [{ domain: "a", duration: 500 }] } };
    expect(await places(table, { a: {} }, { bootargs: "sched=arinc653" })).toEqual([]);
    expect(await places(table, { a: {} }, { bootargs: "sched=null" })).toEqual(["XI4421 cpupools.p.schedule"]);
  });

  it("has windows for the domains of its pool", async () => {
    const other = { pool: undefined };
    expect(await places(pool({ domain: "a", duration: 500 }), { other, a: {} })).toEqual([]);
    const both = pool({ domain: "a", duration: 500 }, { domain: "other", duration: 500 });
    expect(await places(both, { other, a: {} })).toEqual(["XI4430 cpupools.p.schedule.windows.1"]);
  });

  it("is missed where its pool is, or the domain that runs in none", async () => {
    const bootargs = "sched=arinc653";
    expect(await places({ cpus: ["cpu3"] }, { a: {} }, { bootargs })).toEqual(["XI4427 cpupools.p"]);
    const apart: PoolInput = { cpus: ["cpu3"], scheduler: "null" };
    expect(await places(apart, { a: { pool: undefined } }, { bootargs })).toEqual(["XI4427 domains.a"]);
  });

  it("is there, for one CPU and for arinc653", async () => {
    const window = { domain: "a", duration: 500 };
    expect(await codes({ cpus: ["cpu3"], scheduler: "arinc653" }, { a: {} })).toEqual(["XI4427"]);
    expect(await codes({ cpus: ["cpu3"], scheduler: "arinc653" }, { a: {} }, xen("4.17"))).toEqual(["XI4427"]);
    expect(await codes({ ...pool(window), cpus: ["cpu2", "cpu3"] }, { a: {} })).toEqual(["XI4428"]);
    expect(await codes({ ...pool(window), scheduler: "null" }, { a: {} })).toEqual(["XI4421"]);
    expect(await codes(pool(window), { a: {} }, xen("4.17"))).toEqual(["XI4427", "XI4420"]);
  });

  it("fits into its frame", async () => {
    const windows = [{ domain: "a", duration: 500 }, { duration: 500 }];
    const with_ = (majorFrame: number): PoolInput => ({ ...pool(), schedule: { majorFrame, windows } });
    expect(await codes(with_(1000), { a: {} })).toEqual([]);
    expect(await codes(with_(999), { a: {} })).toEqual(["XI4429"]);
    const three = { ...pool(), schedule: { majorFrame: 700, windows: [...windows, { duration: 500 }] } };
    expect(await places(three, { a: {} })).toEqual(["XI4429 cpupools.p.schedule.windows.1"]);
    // The longest frame.
    expect(await codes(pool({ domain: "a", duration: 10_000_000 }), { a: {} })).toEqual([]);
    expect(await codes(pool({ domain: "a", duration: 10_000_000 }, { duration: 100 }), { a: {} })).toEqual(["XI4429"]);
  });
});

describe("an affinity", () => {
  const two: PoolInput = { cpus: ["cpu2", "cpu3"] };

  it("is to CPUs of the pool", async () => {
    expect(await codes(two, { a: { vcpus: [{ affinity: ["cpu3", "cpu2"] }] } })).toEqual([]);
    expect(await codes(two, { a: { vcpus: [{ affinity: ["cpu3", "cpu1"] }] } })).toEqual(["XI4423"]);
    expect(await codes(two, { a: { vcpus: [{ affinity: ["cpu9"] }] } })).toEqual(["XI3002"]);
    expect(await codes(two, { a: { vcpus: [{}, {}] } })).toEqual(["XI4422"]);
  });

  it("leaves each vCPU of a null pool a CPU", async () => {
    const pool: PoolInput = { cpus: ["cpu1", "cpu2", "cpu3"], scheduler: "null" };
    const vcpus = (...affinities: readonly string[][]) => ({
      a: { cpus: affinities.length, vcpus: affinities.map((affinity) => ({ affinity })) },
    });
    expect(await codes(pool, vcpus(["cpu1", "cpu2"], ["cpu1"], ["cpu2", "cpu3"]))).toEqual([]);
    expect(await codes(pool, vcpus(["cpu1", "cpu2"], ["cpu1"], ["cpu2"]))).toEqual(["XI4433"]);
  });

  it("leaves vCPUs of other pools to wait for one another, and is not asked where a null pool has too few", async () => {
    const twice = { cpus: 2, vcpus: [{ affinity: ["cpu3"] }, { affinity: ["cpu3"] }] };
    expect(await codes({ ...two, scheduler: "credit2" }, { a: twice })).toEqual([]);
    expect(await places({ ...two, scheduler: "null" }, { a: twice })).toEqual(["XI4433 domains.a.vcpus.1.affinity"]);
    expect(await places({ ...two, scheduler: "null" }, { a: twice, b: {} })).toEqual(["XI4210 domains.b.cpus"]);
  });

  it("is told by the CPU that is not in the pool", async () => {
    expect(await places(two, { a: { vcpus: [{ affinity: ["cpu3", "cpu1"] }] } })).toEqual([
      "XI4423 domains.a.vcpus.0.affinity.1",
    ]);
  });

  it("is read by upstream Xen from 4.21 on", async () => {
    const domains = { a: { vcpus: [{ affinity: ["cpu3"] }] } };
    expect(await codes(two, domains, xen("4.17"))).toEqual(["XI4432"]);
    expect(await codes(two, domains, xen("4.21"))).toEqual([]);
  });
});
