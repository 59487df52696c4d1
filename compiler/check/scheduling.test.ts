import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { DomainInput, PoolInput, SystemInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { checkSystem } from "../testing/system.ts";

/** Four CPUs; domains run in the pool "p" of the last of them. */
async function codes(
  pool: PoolInput,
  domains: Readonly<Record<string, Partial<DomainInput>>>,
  target?: Target,
): Promise<readonly string[]> {
  const whole = Object.entries(domains).map(([name, domain]) => [
    name,
    { kernel: "Image", memory: MiB(32), pool: "p", ...domain },
  ]);
  const system = {
    board: qemuVirt({ gic: 3, cpus: 4, memory: "1GiB" }),
    cpupools: { p: pool },
    domains: Object.fromEntries(whole) as SystemInput["domains"],
  };
  const { diagnostics } = await checkSystem(system, target && { target });
  return diagnostics.map(({ code }) => code).filter((code) => code !== "XI4211");
}

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

  it("is read by upstream Xen from 4.21 on", async () => {
    const domains = { a: { vcpus: [{ affinity: ["cpu3"] }] } };
    expect(await codes(two, domains, xen("4.17"))).toEqual(["XI4432"]);
    expect(await codes(two, domains, xen("4.21"))).toEqual([]);
  });
});
