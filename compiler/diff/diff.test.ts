import { describe, expect, it } from "vitest";
import { MiB } from "../base/units.ts";
import type { DomainInput, SystemInput } from "../config/input.ts";
import { files, kernelImage, placedSystem, twoDomains } from "../testing/system.ts";
import type { SubjectChanges } from "./changes.ts";
import { changesOf } from "./changes.ts";
import type { DifferenceFormat } from "./diff.ts";
import { difference } from "./diff.ts";
import { factsOf } from "./facts.ts";

/** Tells files apart by length and last byte: all that these tests need. */
const sha256 = (pieces: readonly unknown[]): string =>
  pieces.map((piece) => (piece instanceof Uint8Array ? `${piece.length}-${piece.at(-1)}` : "zeros")).join(",");

const domains = (changed: Readonly<Record<string, Partial<DomainInput>>>): SystemInput => ({
  ...twoDomains,
  domains: Object.fromEntries(
    Object.entries(twoDomains.domains).map(([name, domain]) => [name, { ...domain, ...changed[name] }]),
  ),
});

async function between(before: SystemInput, after: SystemInput): Promise<readonly SubjectChanges[]> {
  const [old, now] = [await placedSystem(before), await placedSystem(after)];
  return changesOf(factsOf(old, sha256), factsOf(now, sha256));
}

async function shown(before: SystemInput, after: SystemInput, format: DifferenceFormat): Promise<string> {
  return difference(await placedSystem(before), await placedSystem(after), format, sha256);
}

describe("what changed between two systems", () => {
  it("is nothing for the same one, or one that only says it in other words", async () => {
    expect(await between(twoDomains, twoDomains)).toEqual([]);
    expect(await between(twoDomains, domains({ ui: { memory: "64MiB", console: "vpl011" } }))).toEqual([]);
    expect(await shown(twoDomains, twoDomains, "text")).toBe("no change in meaning\n");
  });

  it("tells memory that moved from memory that grew", async () => {
    const moved = domains({ control: { memory: [{ at: 0x7000_0000, size: MiB(32) }] } });
    expect(await between(twoDomains, moved)).toEqual([
      {
        subject: "domain control",
        state: "kept",
        changes: [
          {
            kind: "changed",
            subject: "domain control",
            what: "memory placed",
            before: "[0x60000000, 0x62000000)",
            after: "[0x70000000, 0x72000000)",
          },
        ],
      },
    ]);
    const grown = await between(twoDomains, domains({ ui: { memory: MiB(128) } }));
    expect(grown.flatMap(({ changes }) => changes.map(({ what }) => what))).toEqual(["memory"]);
  });

  it("sees a device change hands, and that the new owner's rights are wider", async () => {
    const [to] = await between(
      domains({ ui: { passthrough: ["pl031"] } }),
      domains({ control: { passthrough: ["/pl031@9010000"] } }),
    );
    expect(to).toMatchObject({
      subject: "domain control",
      changes: [{ kind: "changed hands", what: "device /pl031@9010000", from: "domain ui", rights: "widened" }],
    });
  });

  it("says of each right that is new that it is wider, and of each that is gone that it is narrower", async () => {
    const open: SystemInput = {
      ...domains({ ui: { enhanced: "no-xenstore", passthrough: ["pl031"] }, control: { enhanced: "no-xenstore" } }),
      sharedMemory: { frames: { size: MiB(2), at: 0x5000_0000, owner: "control", borrowers: ["ui"] } },
      eventChannels: [{ from: "control", to: ["ui", 11] }],
    };
    const rights = async (before: SystemInput, after: SystemInput): Promise<readonly string[]> =>
      (await between(before, after)).flatMap(({ subject, changes }) =>
        changes.flatMap((it) => (it.rights === undefined ? [] : [`${subject}: ${it.what} ${it.rights}`])),
      );
    const names = [
      "domain ui: hypercalls",
      "domain ui: device /pl031@9010000",
      "domain ui: port 11",
      "domain control: hypercalls",
      "domain control: port 1",
      "shared memory frames: memory",
      "shared memory frames: seen by ui",
      "shared memory frames: seen by control",
    ];
    expect([...(await rights(twoDomains, open))].sort()).toEqual(names.map((name) => `${name} widened`).sort());
    expect([...(await rights(open, twoDomains))].sort()).toEqual(names.map((name) => `${name} narrowed`).sort());
    const smaller = {
      ...open,
      sharedMemory: { frames: { size: MiB(1), at: 0x5000_0000, owner: "control", borrowers: ["ui"] } },
    };
    expect(await rights(open, smaller)).toContain("shared memory frames: memory narrowed");
    const moved = { ...open, sharedMemory: { frames: { ...smaller.sharedMemory.frames, guestAt: 0x3600_0000 } } };
    expect(await rights(smaller, moved)).toEqual([]);
    expect((await between(smaller, moved)).flatMap(({ changes }) => changes.map(({ what }) => what))).toEqual([
      "seen by ui from",
      "seen by control from",
    ]);
    expect(await rights(smaller, open)).toContain("shared memory frames: memory widened");
  });

  it("goes by what is in a file, not by its name", async () => {
    const renamed = domains({ ui: { kernel: "elsewhere/Image" } });
    const elsewhere = { ...files, "elsewhere/Image": files.Image };
    const same = await placedSystem(renamed, undefined, elsewhere);
    expect(changesOf(factsOf(await placedSystem(twoDomains), sha256), factsOf(same, sha256))).toEqual([]);
    const before = await placedSystem(twoDomains);
    const after = await placedSystem(twoDomains, undefined, { ...files, Image: kernelImage(5000, 0x2_0000, 9) });
    expect(changesOf(factsOf(before, sha256), factsOf(after, sha256))).toMatchObject([
      { subject: "domain ui", changes: [{ kind: "changed", what: "kernel" }] },
    ]);
  });

  it("knows what only later releases of Xen know, and that a capability is a right", async () => {
    const options = {
      enhanced: "no-xenstore",
      capabilities: ["control"],
      passthroughPolicy: "enabled",
      grants: { version: 1, frames: 8, maptrackFrames: 16 },
      trapUnmappedAccesses: true,
      llcColors: "0-3",
      sci: "none",
      nrSpis: 64,
      p2mMemory: MiB(4),
      sve: 256,
    } as const;
    const target = { hypervisor: "xen", version: "4.22" } as const;
    const on = (ui: Partial<DomainInput>): SystemInput => ({
      ...domains({ ui, control: { memory: MiB(32) } }),
      hypervisor: { bootargs: "console=dtuart llc-coloring=on llc-size=1M llc-nr-ways=16" },
    });
    const facts = async (value: SystemInput) => factsOf(await placedSystem(value, target), sha256);
    const [enforced] = changesOf(
      await facts(on({})),
      await facts({ ...on({}), hypervisor: { ...on({}).hypervisor, xsmPolicy: "xenpolicy" } }),
    );
    expect(enforced?.changes.map(({ what }) => what)).toEqual(["XSM policy"]);
    const changes = changesOf(await facts(on({})), await facts(on(options))).flatMap((each) => each.changes);
    expect(changes.map(({ what }) => what)).toEqual([
      "hypercalls",
      "capability control",
      "passthrough policy",
      "SCI",
      "shared interrupts",
      "P2M pool",
      "grant table version",
      "grant table frames",
      "maptrack frames",
      "traps unmapped accesses",
      "SVE",
      "cache colours",
    ]);
    expect(changes.flatMap(({ what, rights }) => (rights === "widened" ? [what] : []))).toEqual([
      "hypercalls",
      "capability control",
      "passthrough policy",
    ]);
  });

  it("knows a policy that allows from one that does not, on either side", async () => {
    const target = { hypervisor: "xen", version: "4.22" } as const;
    const of = (ui: Partial<DomainInput>) => domains({ ui, control: { memory: MiB(32) } });
    const rights = async (before: Partial<DomainInput>, after: Partial<DomainInput>) => {
      const facts = async (ui: Partial<DomainInput>) => factsOf(await placedSystem(of(ui), target), sha256);
      return changesOf(await facts(before), await facts(after)).flatMap(({ changes }) =>
        changes.map(({ what, rights }) => `${what}: ${rights ?? "as before"}`),
      );
    };
    expect(await rights({ passthroughPolicy: "enabled" }, { passthroughPolicy: "disabled" })).toEqual([
      "passthrough policy: narrowed",
    ]);
    expect(await rights({ sci: "none" }, { sci: "scmi_smc" })).toEqual(["SCI: widened"]);
    expect(await rights({ sci: "scmi_smc" }, { sci: "none" })).toEqual(["SCI: narrowed"]);
  });

  it("names a domain that is new or gone as a whole", async () => {
    const { ui } = twoDomains.domains;
    const one: SystemInput = { ...twoDomains, domains: { ui: ui as DomainInput } };
    expect((await between(twoDomains, one)).map(({ subject, state }) => `${subject} ${state}`)).toContain(
      "domain control gone",
    );
    expect(await shown(one, twoDomains, "text")).toContain("domain control (new)\n");
  });

  it("has a fact for each difference that the languages of two systems can have: facts do not share a name", async () => {
    const facts = factsOf(await placedSystem(), sha256).map(({ subject, what }) => `${subject}: ${what}`);
    expect(facts).toEqual([...new Set(facts)]);
  });
});

describe("differences as text, JSON and Markdown", () => {
  const after = domains({ ui: { bootargs: "a|b `c` <d>", passthrough: ["pl031"] } });

  it("are lines for the terminal", async () => {
    expect(await shown(twoDomains, after, "text")).toBe(
      [
        "domain ui",
        '  ~ bootargs: "console=ttyAMA0" -> "a|b `c` <d>"',
        "  + device /pl031@9010000: registers [0x9010000, 0x9011000); interrupts SPI 2  [rights widened]",
        "",
        "2 changes, 1 of them widens rights",
        "",
      ].join("\n"),
    );
  });

  it("are the changes themselves for programs", async () => {
    expect(JSON.parse(await shown(twoDomains, after, "json"))).toEqual(await between(twoDomains, after));
  });

  it("are tables for a pull request, in which a user's text is no markup", async () => {
    expect(await shown(twoDomains, after, "markdown")).toBe(
      [
        "**2 changes, 1 of them widens rights**",
        "",
        "### domain ui",
        "",
        "| | what | before | after | rights |",
        "|---|---|---|---|---|",
        '| ~ | bootargs | `"console=ttyAMA0"` | ``"a\\|b `c` <d>"`` |  |',
        "| + | device /pl031@9010000 |  | `registers [0x9010000, 0x9011000); interrupts SPI 2` | **widened** |",
        "",
        "",
      ].join("\n"),
    );
  });
});
