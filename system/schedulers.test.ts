import { describe, expect, it } from "vitest";
import type { DomainInput, PoolInput } from "../compiler/index.ts";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import { build, fromImage } from "./testing/systems.ts";

const counting = { from: 200, watched: 400 };

interface Stay {
  readonly domain: string;
  /** Nanoseconds of the domain's counter, which begins when the domain is made. */
  readonly at: number;
  readonly end: number;
}

interface Log {
  /** Of each domain's vCPUs, the part of the time that it ran. */
  readonly shares: Readonly<Record<string, readonly number[]>>;
  /** Sorted. */
  readonly stays: readonly Stay[];
  /** Lines of those that do something else. */
  readonly others: Readonly<Record<string, readonly string[]>>;
}

interface Request {
  readonly cpus: 1 | 6;
  readonly cpupools: Readonly<Record<string, PoolInput>>;
  readonly domains: Readonly<Record<string, Partial<DomainInput>>>;
  readonly options?: readonly string[];
  /** Milliseconds of their counters that the guests watch; all of them have started by then. */
  readonly from?: number;
  readonly watched?: number;
}

/** Boots domains that log when they ran; those with a kernel of their own do something else. */
async function log(
  name: string,
  { cpus, cpupools, domains, options = [], from = counting.from, watched = counting.watched }: Request,
): Promise<Log> {
  const whole = Object.entries(domains).map(([domain, fields]) => [
    domain,
    {
      kernel: guest("stays"),
      bootargs: `name=${domain} from=${from} for=${watched} ${options.length > 0 ? "list=yes" : ""}`,
      memory: "32MiB",
      ...fields,
    },
  ]);
  const system = { cpupools, domains: Object.fromEntries(whole) as Record<string, DomainInput> };
  const built = await build(name, { board: { cpus, memory: "1GiB" }, system });
  return withMachine(fromImage(built, undefined, options), async (machine) => {
    const watching = Object.keys(domains).filter((domain) => domains[domain]?.kernel === undefined);
    for (const domain of watching) await machine.waitFor(domain, `stays: ${domain} done`, 240);
    const said = watching.map((domain) => [domain, machine.saidBy(domain)] as const);
    const shares = said.map(([domain, lines]) => [
      domain,
      lines.flatMap((line) => {
        const [, ran, of, lost] = / ran (\d+) of (\d+), \d+ stays, (\d+) lost/.exec(line) ?? [];
        // Only the list has an end; the sum goes on.
        if (options.length > 0) expect(lost ?? "0", line).toBe("0");
        return ran === undefined ? [] : [Number(ran) / Number(of)];
      }),
    ]);
    const stays = said.flatMap(([domain, lines]) =>
      lines.flatMap((line) => {
        const [, at, length] = /^stay: \S+ cpu\d+ (\d+) (\d+)$/.exec(line) ?? [];
        return at === undefined ? [] : [{ domain, at: Number(at), end: Number(at) + Number(length) }];
      }),
    );
    const others = Object.keys(domains).filter((domain) => !watching.includes(domain));
    return {
      shares: Object.fromEntries(shares) as Log["shares"],
      stays: stays.sort((a, b) => a.at - b.at),
      others: Object.fromEntries(others.map((domain) => [domain, machine.saidBy(domain)])),
    };
  });
}

/** One CPU on which an instruction takes a nanosecond, whatever else this machine does. */
const counted = ["-icount", "shift=0,sleep=off"];
const alone = (pool: Omit<PoolInput, "cpus">, domains: Request["domains"]): Request => ({
  cpus: 1,
  cpupools: { only: { cpus: ["cpu0"], ...pool } },
  domains,
  options: counted,
});

const share = ({ shares }: Log, domain: string): number => shares[domain]?.[0] ?? Number.NaN;

const window = (domain: string, duration: number): { domain: string; duration: number } => ({ domain, duration });

describe("guests that log when they ran", () => {
  it("get time by weight and up to their cap from credit2", async () => {
    const found = await log(
      "credit2",
      alone({}, { one: { weight: 512 }, two: { weight: 256 }, capped: { weight: 1024, cap: 10 } }),
    );
    expect(share(found, "capped")).toBeCloseTo(0.1, 1.5);
    expect(share(found, "one") / share(found, "two")).toBeGreaterThan(1.8);
    expect(share(found, "one") / share(found, "two")).toBeLessThan(2.2);
    expect(share(found, "one") + share(found, "two") + share(found, "capped")).toBeGreaterThan(0.97);
  });

  it("get their budget in each period from rtds, and no more", async () => {
    const found = await log(
      "rtds",
      alone(
        { scheduler: "rtds" },
        { fast: { rtds: { budget: 1000, period: 4000 } }, slow: { rtds: { budget: 6000, period: 20_000 } } },
      ),
    );
    for (const [domain, budget, period] of [
      ["fast", 1e6, 4e6],
      ["slow", 6e6, 20e6],
    ] as const) {
      expect(share(found, domain)).toBeGreaterThan((budget / period) * 0.95);
      expect(share(found, domain)).toBeLessThan((budget / period) * 1.02);
      // Wherever a period begins: two of them have two budgets, one of them as little as nothing and as much as two.
      for (let at = (counting.from + 40) * 1e6; at < (counting.from + counting.watched - 40) * 1e6; at += period / 8) {
        const ran = within(found, domain, at, at + 2 * period);
        expect(ran, `${domain} at ${at}`).toBeGreaterThan(budget * 0.9);
        expect(ran, `${domain} at ${at}`).toBeLessThan(budget * 3.05);
      }
    }
  });

  it("have their windows from arinc653, each frame at the same time", async () => {
    const windows = [{ domain: "nav", duration: 3000 }, { duration: 500 }, { domain: "radio", duration: 2000 }];
    const found = await log(
      "arinc653",
      alone({ scheduler: "arinc653", schedule: { majorFrame: 7000, windows } }, { nav: {}, radio: {} }),
    );
    const frame = 7e6;
    const begins = (domain: string) =>
      found.stays.filter((stay) => stay.domain === domain && stay.end - stay.at > 1e6).slice(1, -1);
    const nav = begins("nav");
    const radio = begins("radio");
    expect(nav.length).toBeGreaterThan(50);
    const jitter = (stays: readonly Stay[]): number => {
      const first = stays[0]?.at ?? 0;
      const late = stays.map(({ at }, index) => at - first - index * frame);
      return Math.max(...late) - Math.min(...late);
    };
    expect(jitter(nav)).toBeLessThan(20_000);
    expect(jitter(radio)).toBeLessThan(20_000);
    for (const { at, end } of nav) expect(Math.abs(end - at - 3e6)).toBeLessThan(30_000);
    for (const { at, end } of radio) expect(Math.abs(end - at - 2e6)).toBeLessThan(30_000);
  });

  it.each([
    {
      pool: { scheduler: "arinc653", schedule: { windows: [window("victim", 3000), window("attacker", 2000)] } },
      promised: 3 / 5,
    },
    {
      pool: { scheduler: "rtds" },
      victim: { rtds: { budget: 1000, period: 2000 } },
      attacker: { rtds: { budget: 4000, period: 10_000 } },
      promised: 1 / 2,
    },
  ] as const)(
    "have what $pool.scheduler promises beside one whose traps concern all interrupts that it has pending",
    async ({ pool, promised, ...domains }) => {
      const hostile = { kernel: guest("hostile"), bootargs: "name=attacker only=forwarding", nrSpis: 960 };
      const found = await log(
        `beside-hostile-${pool.scheduler}`,
        alone(pool, { victim: { ...domains.victim }, attacker: { ...hostile, ...domains.attacker } }),
      );
      expect(found.others["attacker"]).toContain("hostile: attacker toggles the forwarding of 960 SPIs");
      expect(share(found, "victim") / promised).toBeGreaterThan(0.99);
    },
  );

  it("run side by side in pools of each kind, on the CPUs that they are bound to", async () => {
    const found = await log("all-kinds", {
      cpus: 6,
      from: 12_000,
      watched: 3000,
      // The machine that runs QEMU may have fewer CPUs and takes them away as it likes: what nobody exceeds can be seen
      // here, and not how much each gets at least.
      cpupools: {
        fair: { cpus: ["cpu0", "cpu1"] },
        own: { cpus: ["cpu2"], scheduler: "null" },
        promised: { cpus: ["cpu3", "cpu4"], scheduler: "rtds" },
        table: {
          cpus: ["cpu5"],
          scheduler: "arinc653",
          schedule: {
            windows: [
              { domain: "first", duration: 6000 },
              { domain: "second", duration: 2000 },
            ],
          },
        },
      },
      domains: {
        bound: {
          pool: "fair",
          cpus: 3,
          vcpus: [{ affinity: ["cpu0"] }, { affinity: ["cpu1"] }, { affinity: ["cpu1"] }],
        },
        single: { pool: "own" },
        much: { pool: "promised", rtds: { budget: 6000, period: 10_000 }, vcpus: [{ affinity: ["cpu3"] }] },
        little: { pool: "promised", rtds: { budget: 1000, period: 10_000 }, vcpus: [{ affinity: ["cpu4"] }] },
        first: { pool: "table" },
        second: { pool: "table" },
      },
    });
    const [, second = 0, third = 0] = found.shares["bound"] ?? [];
    expect(second + third).toBeLessThan(1.01);
    expect(Math.min(second, third)).toBeGreaterThan(0);
    expect(share(found, "much")).toBeLessThan(0.66);
    expect(share(found, "little")).toBeLessThan(0.13);
    expect(share(found, "much")).toBeGreaterThan(0);
    expect(share(found, "little")).toBeGreaterThan(0);
    expect(share(found, "single")).toBeGreaterThan(0);
    expect(share(found, "first")).toBeLessThan(0.76);
    expect(share(found, "second")).toBeLessThan(0.26);
    expect(Math.min(share(found, "first"), share(found, "second"))).toBeGreaterThan(0);
  });
});

/** What a domain gets done in a second on one CPU, which it shares with another one. */
async function workBeside(name: string, neighbour: DomainInput): Promise<number> {
  const busy = { kernel: guest("load"), bootargs: "name=busy seconds=1", memory: "64MiB" } as const;
  const built = await build(name, { board: { cpus: 1, memory: "1GiB" }, system: { domains: { busy, neighbour } } });
  return withMachine(fromImage(built, undefined, counted), async (machine) => {
    await machine.waitFor("busy", "second 1 cpu0 work", 240);
    const said = machine.saidBy("busy").join("\n");
    return Number(/second 1 cpu0 work (\d+)/.exec(said)?.[1]);
  });
}

describe("a domain that sleeps and wakes all the time", () => {
  it("takes nothing of its neighbour's share, however many switches it asks for", async () => {
    const half = await workBeside("busy", { kernel: guest("load"), bootargs: "name=other", memory: "64MiB" });
    const sleeper = { kernel: guest("sleeper"), bootargs: "name=sleeper us=2", memory: "32MiB" };
    expect(await workBeside("woken", sleeper)).toBeGreaterThan(half * 0.95);
  });
});

/** Nanoseconds that a domain ran between two times. */
const within = ({ stays }: Log, domain: string, begin: number, end: number): number =>
  stays
    .filter((stay) => stay.domain === domain)
    .reduce((sum, stay) => sum + Math.max(0, Math.min(stay.end, end) - Math.max(stay.at, begin)), 0);
