import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { SystemInput } from "../compiler/index.ts";
import { withMachine } from "./testing/machine.ts";
import type { PvLink } from "./testing/pv.ts";
import { bootLinked, linkedSystem, linkGuest, linkPaths } from "./testing/pv.ts";
import { diagnosticsOf } from "./testing/unchecked.ts";

const messages = 48;
const boots = 20;
const checks = 60;

interface Scenario {
  readonly domains: number;
  readonly links: readonly PvLink[];
}

/** Interfaces from 0, disks from xvda (xen-vbd-interface(7)). */
const deviceNumber = (kind: PvLink["kind"], index: number): number => (kind === "net" ? index : 51712 + 16 * index);

/** Two to four domains, one to four links, either kind, either way; a frontend's devices of a kind have numbers from 0. */
const scenarios: fc.Arbitrary<Scenario> = fc.integer({ min: 2, max: 4 }).chain((domains) => {
  const ends = fc
    .tuple(fc.integer({ min: 1, max: domains }), fc.integer({ min: 1, max: domains - 1 }))
    .map(([backend, step]) => ({ backend, frontend: ((backend + step - 1) % domains) + 1 }));
  const link = fc.record({ kind: fc.constantFrom("net" as const, "block" as const), ends });
  return fc
    .array(link, { minLength: 1, maxLength: 4 })
    .map((drawn) => ({
      domains,
      links: drawn.map(({ kind, ends: { backend, frontend } }, index) => ({
        kind,
        backend,
        frontend,
        device: deviceNumber(
          kind,
          drawn.slice(0, index).filter((before) => before.kind === kind && before.ends.frontend === frontend).length,
        ),
      })),
    }));
});

/** As somebody would write it. */
const systemOf = ({ domains, links }: Scenario): SystemInput => {
  const names = Array.from({ length: domains }, (_, index) => `d${index + 1}`);
  return linkedSystem({
    cpus: 2,
    domains: Object.fromEntries(names.map((name) => [name, linkGuest(name, `count=${messages}`)])),
    links,
  });
};

const drawn = fc.sample(scenarios, { numRuns: boots, seed: 6 });
const describeLink = ({ kind, backend, frontend, device }: PvLink): string =>
  `${kind}${device} ${frontend}->${backend}`;

describe("devices between domains", () => {
  it("are drawn of every shape", () => {
    const links = drawn.flatMap((scenario) => scenario.links);
    const shapes = {
      domains: [2, 3, 4].map((count) => drawn.filter(({ domains }) => domains === count).length),
      links: [1, 2, 3, 4].map((count) => drawn.filter((scenario) => scenario.links.length === count).length),
      kinds: ["net", "block"].map((kind) => links.filter((link) => link.kind === kind).length),
      both: [drawn.filter((s) => s.links.some((a) => s.links.some((b) => a.backend === b.frontend))).length],
      second: [links.filter(({ kind, device }) => device > deviceNumber(kind, 0)).length],
    };
    for (const [shape, counts] of Object.entries(shapes))
      expect([shape, counts.every((count) => count >= 2)]).toEqual([shape, true]);
  });

  it("are sound to the compiler, however they are drawn", async () => {
    for (const scenario of fc.sample(scenarios, { numRuns: checks, seed: 7 })) {
      const found = await diagnosticsOf(systemOf(scenario), { hypervisor: "core" });
      expect(
        found.filter(({ severity }) => severity === "error").map(({ code, message }) => `${code}: ${message}`),
      ).toEqual([]);
    }
  });

  it.each(drawn.map((scenario) => [scenario.links.map(describeLink).join(", "), scenario] as const))(
    "carry messages: %s",
    async (_, scenario) => {
      const request = await bootLinked(systemOf(scenario));
      await withMachine(request, async (machine) => {
        for (const link of scenario.links) {
          const end = linkPaths(link).front.replace(`/local/domain/${link.frontend}/`, "");
          const { text } = await machine.waitFor(`d${link.frontend}`, new RegExp(`${end} has exchanged .*memory`), 60);
          expect(text).toMatch(/ has exchanged \d+, wrong 0, refused 0, in use [\d ]+, memory intact/);
          expect(Number(/exchanged (\d+)/.exec(text)?.[1])).toBeGreaterThanOrEqual(messages);
        }
        expect(machine.raw).not.toMatch(/crashed|PANIC|unexpected/);
      });
    },
  );
});
