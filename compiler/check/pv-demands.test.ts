import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import { pvDemand } from "../codecs/pv-queues.ts";
import type { SystemInput } from "../config/input.ts";
import { checkSystem } from "../testing/system.ts";

const kinds = ["net", "block"] as const;
type Kind = (typeof kinds)[number];

/** Two domains with so many vCPUs, and so many links of each kind from the one to the other. */
const system = (
  cpus: readonly [backend: number, frontend: number],
  links: Readonly<Record<Kind, number>>,
  grants: readonly [backend: object, frontend: object] = [{}, {}],
): SystemInput => {
  const [io, app] = [0, 1].map((end) => ({
    kernel: "Image",
    memory: MiB(32),
    enhanced: true,
    cpus: cpus[end],
    grants: grants[end],
  }));
  const ends = { backend: "io", frontend: "app" };
  return {
    board: qemuVirt({ gic: 3, cpus: 8, memory: "2GiB" }),
    domains: { io, app },
    pv: kinds.flatMap((kind) =>
      Array.from({ length: links[kind] }, (_, index) =>
        kind === "net" ? { kind, ...ends } : { kind, ...ends, device: `254:${index}` },
      ),
    ),
  } as SystemInput;
};

const found = async (input: SystemInput, code: string): Promise<readonly string[]> =>
  (await checkSystem(input, { target: { hypervisor: "core" } })).diagnostics.flatMap((diagnostic) =>
    diagnostic.code === code ? [diagnostic.message] : [],
  );

describe("what the drivers of a link take", () => {
  it("is as many keys as two Linux domains with one and two CPUs were seen to write", () => {
    // As the listing of system/pv-linux.test.ts has them, less those that are there at first.
    expect([1, 2].map((queues) => pvDemand("net", queues).frontend.nodes)).toEqual([12, 18]);
    expect([1, 2].map((queues) => pvDemand("block", queues).frontend.nodes)).toEqual([4, 9]);
    expect(kinds.map((kind) => pvDemand(kind, 2).backend.nodes)).toEqual([12, 14]);
  });

  it("is an event channel for each way, a grant for each slot or page, and what of these the backend maps", () => {
    expect(pvDemand("net", 2)).toMatchObject({
      frontend: { eventChannels: 4, grants: 2 * (2 + 256 + 256), mappings: 0 },
      backend: { eventChannels: 4, grants: 0, mappings: 2 * (2 + 256) },
    });
    expect(pvDemand("block", 2)).toMatchObject({
      frontend: { eventChannels: 2, grants: 2 * (1 + 32 * 33), mappings: 0 },
      backend: { eventChannels: 2, grants: 0, mappings: 2 * (1 + 32 * 33) },
    });
  });

  it("is a page and an event channel for a console, however many CPUs there are", async () => {
    const { frontend, backend } = pvDemand("console", 4);
    expect([frontend.grants, backend.mappings, frontend.eventChannels, backend.eventChannels]).toEqual([1, 1, 1, 1]);
    const resolved = system([4, 4], { net: 0, block: 0 }, [{ maptrackFrames: 0 }, {}]);
    const pv = [{ kind: "console", backend: "io", frontend: "app" } as const];
    expect(await found({ ...resolved, pv }, "XI4958")).toEqual([
      expect.stringMatching(/^the drivers of "io" may take 1 .* with a queue each, and it has 0$/),
    ]);
  });

  it("grows by the queue, and as much at either end's event channels", () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.integer({ min: 2, max: 128 }), (kind, queues) => {
        const [fewer, more] = [pvDemand(kind, queues), pvDemand(kind, queues + 1)];
        const [one, two] = [pvDemand(kind, 2), pvDemand(kind, 3)];
        for (const end of ["frontend", "backend"] as const)
          for (const what of ["nodes", "eventChannels", "grants", "mappings"] as const)
            expect(more[end][what] - fewer[end][what]).toBe(two[end][what] - one[end][what]);
        expect(fewer.frontend.eventChannels).toBe(fewer.backend.eventChannels);
        // What the backend maps, the frontend has granted.
        expect(fewer.backend.mappings).toBeLessThanOrEqual(fewer.frontend.grants);
      }),
    );
  });
});

describe("a system with links of several queues", () => {
  it("has as many queues as the end with fewer CPUs", async () => {
    for (const cpus of [
      [8, 6],
      [6, 8],
    ] as const)
      expect(await found(system(cpus, { net: 0, block: 1 }), "XI4958")).toEqual([
        'the drivers of "io" may take 6342 mappings for its PV links, with up to 6 queues each, and it has 5461',
      ]);
    expect(await found(system([8, 5], { net: 0, block: 1 }), "XI4958")).toEqual([]);
  });

  it("is sound when the domain may map as much", async () => {
    const links = { net: 0, block: 1 };
    expect(await found(system([6, 6], links, [{ maptrackFrames: 38 }, {}]), "XI4958")).toEqual([]);
    expect(await found(system([6, 6], links, [{ maptrackFrames: 37 }, {}]), "XI4958")).toHaveLength(1);
    expect(await found(system([1, 1], links, [{}, { frames: 2 }]), "XI4958")).toEqual([
      'the drivers of "app" may take 1065 grants for its PV links, with a queue each, and it has 1024',
    ]);
  });

  it("may take the last grant and the last event channel, and is told how many more frames to ask for if there are so many", async () => {
    const told = async (...args: Parameters<typeof system>): Promise<readonly string[]> =>
      (await checkSystem(system(...args), { target: { hypervisor: "core" } })).diagnostics.flatMap((each) =>
        each.code === "XI4958" && !each.message.includes("mappings") ? [`${each.message}: ${each.help ?? ""}`] : [],
      );
    // 514 grants each, and Linux's 8.
    expect(await told([1, 1], { net: 252, block: 0 }, [{}, { frames: 253 }])).toEqual([]);
    expect(await told([1, 1], { net: 254, block: 0 })).toEqual([
      expect.stringContaining("write grants: { frames: 256 }"),
    ]);
    expect(await told([1, 1], { net: 255, block: 0 })).toEqual([expect.stringContaining(": load the drivers with")]);
    const channels = async (block: number): Promise<readonly string[]> =>
      (await told([1, 1], { net: 511, block })).filter((each) => each.includes("event channels"));
    expect(await channels(0)).toEqual([]);
    expect(await channels(1)).toEqual(
      ["io", "app"].map((name): unknown => expect.stringContaining(`"${name}" may take 1023 event channels`)),
    );
  });

  it("is told of the most queues that one of a domain's links has", async () => {
    const input = system([6, 8], { net: 0, block: 1 });
    const { pv = [], domains } = input;
    const one = { kernel: "Image", memory: MiB(32), enhanced: true };
    const more = { kind: "block", backend: "io", frontend: "one", device: "254:9" } as const;
    expect(await found({ ...input, domains: { ...domains, one }, pv: [...pv, more] }, "XI4958")).toEqual([
      expect.stringContaining("up to 6 queues"),
    ]);
  });

  it("has no more nodes in XenStore than there is room for, with those of all queues", async () => {
    // Of app: 4 directories and "device/vif", 3 keys of its boot, and for each link 6 at first and 8 with 5 a queue.
    const nodes = (links: number, queues: number): number => 8 + links * (14 + (queues === 1 ? 4 : 5 * queues));
    for (const queues of [1, 2, 8])
      for (const links of [4, 5, 10, 11])
        expect([
          queues,
          links,
          (await found(system([queues, 8], { net: links, block: 0 }), "XI4955")).length > 0,
        ]).toEqual([queues, links, nodes(links, queues) > 256]);
  });
});
