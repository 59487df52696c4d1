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
import { build, fromFiles, xenimg } from "./testing/systems.ts";
import type { BuiltSystem } from "./testing/systems.ts";
import { onUpstreamXen, watchable, watchableLines } from "./testing/upstream.ts";

type Facts = Readonly<Record<"control" | "ui", GuestFacts>>;

const factsOn = (request: MachineRequest): Promise<Facts> =>
  withMachine(request, async (machine) => ({
    control: await readFacts(machine, "control", 120),
    ui: await readFacts(machine, "ui", 120),
  }));

function source(blob: Uint8Array): string {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return print(decoded.value);
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

/** What the probe guest misses on upstream Xen 4.17, in the order of its checks. */
function lostUpstream(gic: 2 | 3, domain: string): readonly string[] {
  const alone = domain === "one";
  return [
    // They show EL2, an EL1 that could be of 32 bits, and performance monitors.
    "ID registers tell of EL0 and EL1 alone",
    "ID registers hide counters and traces",
    // An SGI is pending once, whoever sent it, and comes from CPU 0: several CPUs can tell.
    ...(gic === 2 && !alone ? ["an SGI tells its sender", "SGIs of all senders come"] : []),
    // Optional in PSCI 1.1, and not there for guests without a toolstack.
    "PSCI_FEATURES knows SYSTEM_SUSPEND",
    "PSCI_FEATURES knows SYSTEM_RESET2",
    "SYSTEM_RESET2 of an unknown type is refused",
    // A CPU that is not there counts as off.
    "AFFINITY_INFO of no CPU is refused",
    // CPU_SUSPEND is WFI, whatever its arguments are.
    "a power state with reserved bits is refused",
    "a power-down to nowhere is refused",
    "a power-down ends at its entry point",
    ...(alone
      ? ["SYSTEM_SUSPEND to nowhere is refused", "SYSTEM_SUSPEND ends with the timer at its entry point"]
      : ["SYSTEM_SUSPEND is denied while other CPUs are on"]),
    // It has version 1.1, and answers for the workarounds alone.
    "SMCCC is 1.2",
    "SMCCC_ARCH_FEATURES knows itself",
  ];
}

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
  const hypervisors: readonly [string, (built: BuiltSystem) => MachineRequest, typeof lostUpstream, string?][] = [
    ["upstream Xen", onUpstreamXen, lostUpstream, racesUpstream],
    ["the core", (built) => fromFiles(built, core), () => []],
  ];

  it.each(hypervisors)("is there on %s", async (_, boot, lost, races) => {
    await withMachine(boot(await build("probe", probes)), async (machine) => {
      for (const domain of ["one", "four"]) {
        const ready = await machine.waitFor(domain, /ready: .* passed$/, 90);
        const failures = machine.saidBy(domain).filter((line) => line.includes("probe: FAIL"));
        const failed = failures.map((line) => line.replace("probe: FAIL ", ""));
        expect(failed.filter((what) => what !== races)).toEqual(lost(gic, domain));
        const [passed, total] = /(\d+) of (\d+) passed$/.exec(ready.text)?.slice(1).map(Number) ?? [];
        expect(passed).toBe((total ?? 0) - failed.length);
      }
    });
  });
});

describe("xenimg run", () => {
  it("boots upstream Xen 4.17 from the separate files, and sees what its guests say", async () => {
    const hello = (name: string) => ({ kernel: guest("hello"), bootargs: `name=${name}`, memory: "32MiB" });
    const { output } = await build("run-upstream", {
      board: { cpus: 2, memory: "1GiB" },
      system: {
        hypervisor: { bootargs: watchableLines },
        domains: { one: hello("one"), two: { ...hello("two"), cpus: 2 } },
      },
    });
    const xen = ["--target", "xen@4.17", "--hypervisor", debian("xen")];
    const lines = ["[one] ready: one, 1 of 1 CPUs", "[two] ready: two, 2 of 2 CPUs"];
    const expects = lines.flatMap((line) => ["--expect", line]);
    const { code, stdout, stderr } = await xenimg(
      "run",
      join(output, "..", "board.ts"),
      "--timeout",
      "100",
      ...xen,
      ...expects,
    );
    expect(code, stdout + stderr).toBe(0);
    expect(stdout).toContain("[hypervisor] Xen version 4.17");
  });
});
