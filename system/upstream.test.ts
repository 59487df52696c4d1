import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decode, print } from "dtc-js";
import { readFacts } from "./testing/facts.ts";
import type { GuestFacts } from "./testing/facts.ts";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import type { MachineRequest } from "./testing/machine.ts";
import { debian, core, guest, temporaryFolder } from "./testing/paths.ts";
import { build, fromFiles } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";
import { onUpstreamXen, watchable } from "./testing/upstream.ts";

type Facts = Readonly<Record<"control" | "ui", GuestFacts>>;

const factsOn = (request: MachineRequest): Promise<Facts> =>
  withMachine(request, async (machine) => ({
    control: await readFacts(machine, "control", 120),
    ui: await readFacts(machine, "ui", 120),
  }));

function source(blob: Uint8Array): string {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.error.message);
  return print(decoded.tree);
}

describe.each([3, 2] as const)(
  "the same system.dtb and kernels on the core and on upstream Xen 4.17, with a GICv%i",
  (gic) => {
    let built: BuiltSystem;
    let onCore: Facts;
    let onXen: Facts;

    beforeAll(async () => {
      const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
      const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet facts" };
      built = await build(
        "upstream",
        watchable({
          board: { gic, cpus: 3, memory: "2GiB" },
          system: {
            domains: {
              control: { ...linux, cpus: 1, memory: "256MiB" },
              ui: { ...linux, cpus: 2, memory: "256MiB", enhanced: "no-xenstore" },
            },
          },
        }),
      );
      onXen = await factsOn(onUpstreamXen(built));
      onCore = await factsOn(fromFiles(built, core));
    });

    for (const domain of ["control", "ui"] as const) {
      it(`${domain} gets the same device tree, byte for byte`, () => {
        expect(source(onCore[domain].deviceTree)).toBe(source(onXen[domain].deviceTree));
        expect(onCore[domain].deviceTree.equals(onXen[domain].deviceTree)).toBe(true);
      });

      it(`${domain}'s device tree is the one that the compiler predicts`, () => {
        const predicted = readFileSync(join(built.output, "domains", domain, "guest.dtb"));
        expect(source(onCore[domain].deviceTree)).toBe(source(predicted));
      });

      it(`${domain} sees the same memory, CPUs and CPU features`, () => {
        expect(onCore[domain].iomem).toEqual(onXen[domain].iomem);
        expect(onCore[domain].cpus).toBe(onXen[domain].cpus);
        expect(onCore[domain].features).toEqual(onXen[domain].features);
      });
    }
  },
);

describe.each([3, 2] as const)("what a bare-metal guest may count on with a GICv%i", (gic) => {
  const probes = watchable({
    board: { gic, cpus: 4, memory: "1GiB" },
    system: {
      domains: {
        one: { kernel: guest("probe"), bootargs: "name=one", memory: "32MiB" },
        four: { kernel: guest("probe"), bootargs: "name=four", cpus: 4, memory: "64MiB" },
      },
    },
  });
  // Upstream says that a CPU is off while it still leaves it, and one that is switched on then may never start.
  const racesUpstream = "a CPU can be switched on as soon as it is off";
  // To upstream, an SGI is pending once, whoever sent it, and comes from CPU 0: several CPUs can tell.
  const lostUpstream = gic === 2 ? ["an SGI tells its sender", "SGIs of all senders come"] : [];
  const hypervisors: readonly [string, (built: BuiltSystem) => MachineRequest, readonly string[], string?][] = [
    ["upstream Xen", onUpstreamXen, lostUpstream, racesUpstream],
    ["the core", (built) => fromFiles(built, core), []],
  ];

  it.each(hypervisors)("is there on %s", async (_, boot, lost, races) => {
    await withMachine(boot(await build("probe", probes)), async (machine) => {
      for (const domain of ["one", "four"]) {
        const ready = await machine.waitFor(domain, /ready: .* passed$/, 90);
        const failures = machine.saidBy(domain).filter((line) => line.includes("probe: FAIL"));
        const failed = failures.map((line) => line.replace("probe: FAIL ", ""));
        const expected = domain === "one" ? [] : [...lost, ...failed.filter((what) => what === races)];
        expect(failed).toEqual(expected);
        const [passed, total] = /(\d+) of (\d+) passed$/.exec(ready.text)?.slice(1).map(Number) ?? [];
        expect(passed).toBe((total ?? 0) - expected.length);
      }
    });
  });
});
