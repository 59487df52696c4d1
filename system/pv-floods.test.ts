import { describe, expect, it } from "vitest";
import type { DomainInput, PoolInput } from "../compiler/index.ts";
import type { Machine } from "./testing/machine.ts";
import { withMachine } from "./testing/machine.ts";
import { guest } from "./testing/paths.ts";
import type { PvLink } from "./testing/pv.ts";
import { bootPv } from "./testing/pv.ts";

/** Each is the other's frontend and backend. */
const links: readonly PvLink[] = [
  { kind: "net", backend: 1, frontend: 2, device: 0 },
  { kind: "net", backend: 2, frontend: 1, device: 0 },
];

/** One CPU on which an instruction takes a nanosecond, whatever else this machine does. */
const counted = ["-icount", "shift=0,sleep=off"];

/** Instructions that the core may take before the victim's interrupt; one piece of these takes the longest. */
const most = 100_000;
const longest = new Map([
  ["store-lists", 250_000],
  ["store-commits", 250_000],
  ["restarts", 250_000],
]);

interface Beside {
  readonly pool: Omit<PoolInput, "cpus">;
  readonly victim?: Partial<DomainInput>;
  readonly neighbour?: Partial<DomainInput>;
  readonly options?: string;
}

/** What both say, until the victim says that. */
async function beside<T>(
  { pool, victim, neighbour, options = "" }: Beside,
  end: RegExp,
  read: (machine: Machine) => T,
): Promise<T> {
  const domain = (role: string, fields?: Partial<DomainInput>): DomainInput => ({
    kernel: guest("flood"),
    bootargs: `name=${role} role=${role} from=100 each=48 ${options}`,
    memory: "8MiB",
    ...fields,
  });
  const request = await bootPv({
    cpus: 1,
    cpupools: { only: { cpus: ["cpu0"], ...pool } },
    domains: {
      victim: domain("victim", victim),
      neighbour: domain("neighbour", { onCrash: "preserve", ...neighbour }),
    },
    links,
    entries: [
      ["n1r2", "/local/domain/1/busy", ""],
      ["n0b2", "/lives", "0"],
    ],
  });
  return withMachine({ ...request, args: [...request.args, ...counted] }, async (machine) => {
    await machine.waitFor("victim", end, 240);
    return read(machine);
  });
}

/** How often the neighbour has made each flood, by name; those that it did not begin in time are not there. */
const made = (machine: Machine): ReadonlyMap<string, number> =>
  new Map(
    machine.saidBy("neighbour").flatMap((line) => {
      const [, name, times] = /^flood: (\S+) made (\d+) times$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, Number(times)]];
    }),
  );

/** What the victim has in the time of each flood: work, and the worst of its timer and of the store's answers. */
function kept(machine: Machine): ReadonlyMap<string, { work: number; late: number; answer: number }> {
  const line = /^flood: (\S+) work (\d+), late (\d+) ns of \d+, answer (\d+) ns of \d+$/;
  return new Map(
    machine.saidBy("victim").flatMap((text) => {
      const [, name, work, late, answer] = line.exec(text) ?? [];
      return name === undefined ? [] : [[name, { work: Number(work), late: Number(late), answer: Number(answer) }]];
    }),
  );
}

describe("a domain beside one that floods all that they share", () => {
  it("keeps its budget, its timer and its way to the store", async () => {
    const victim = { rtds: { budget: 100, period: 500 } };
    const neighbour = { rtds: { budget: 7900, period: 10_000 } };
    const { raw, floods, found } = await beside(
      { pool: { scheduler: "rtds" }, victim, neighbour },
      /victim done, wrong 0,/,
      (machine) => ({ raw: machine.raw, floods: made(machine), found: kept(machine) }),
    );
    const { nothing, ...flooded } = Object.fromEntries(found);
    // The last two are its other lives, and its end with all that it may have mapped.
    expect([...floods.keys(), "restarts", "end"]).toEqual([...found.keys()]);
    expect(Math.min(...floods.values())).toBeGreaterThan(1);
    expect(raw.split("(neighbour) restarts").length).toBeGreaterThan(3);
    expect(raw).toMatch(/neighbour\) gave back 5\d\d\d mappings/);
    for (const [name, { work, late, answer }] of Object.entries(flooded)) {
      expect(work / (nothing?.work ?? 0), name).toBeGreaterThan(0.98);
      expect(late, name).toBeLessThan(longest.get(name) ?? most);
      expect(answer / (nothing?.answer ?? 0), name).toBeLessThan(10);
    }
  });

  it("keeps its share", async () => {
    const worked = /^flood: victim worked (\d+) of (\d+)$/;
    const { share, floods } = await beside(
      { pool: { scheduler: "credit2" }, options: "only=work" },
      worked,
      (machine) => {
        const line = machine.saidBy("victim").findLast((text) => worked.test(text)) ?? "";
        const [, got, of] = worked.exec(line) ?? [];
        return { share: Number(got) / Number(of), floods: machine.saidBy("neighbour") };
      },
    );
    expect(floods.filter((line) => line.includes(" made "))).toHaveLength(25);
    expect(share).toBeGreaterThan(0.49);
  });
});
