import { describe, expect, it } from "vitest";
import { withMachine } from "./testing/machine.ts";
import type { MachineRequest } from "./testing/machine.ts";
import { core, debian, guest } from "./testing/paths.ts";
import { build, fromFiles, fromImage, xenimg } from "./testing/systems.ts";
import type { SystemRequest } from "./testing/systems.ts";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { root, temporaryFolder } from "./testing/paths.ts";

const probe = (name: string, cpus: number) => ({
  kernel: guest("probe"),
  bootargs: `name=${name}`,
  cpus,
  memory: "32MiB",
});
const hello = (name: string, cpus: number) => ({ ...probe(name, cpus), kernel: guest("hello") });

/** Each domain says that it is ready and that nothing was missing. */
async function allReady(request: MachineRequest): Promise<void> {
  await withMachine(request, async (machine) => {
    for (const domain of request.domains) {
      await machine.waitFor(domain, new RegExp(`^ready: ${domain}, (\\d+) of \\1 (CPUs|passed)$`), 90);
    }
  });
}

describe.each([3, 2] as const)("the core starts with a GICv%i", (gic) => {
  it("on a machine with one CPU, which two domains share", async () => {
    const system = { domains: { one: probe("one", 1), two: probe("two", 2) } };
    await allReady(fromImage(await build("one-cpu", { board: { gic, cpus: 1, memory: "512MiB" }, system })));
  });

  it("on a machine with eight CPUs, all of them used by one domain", async () => {
    const system = { domains: { eight: probe("eight", 8), one: hello("one", 1) } };
    await allReady(fromImage(await build("eight-cpus", { board: { gic, cpus: 8, memory: "1GiB" }, system })));
  });

  it("on QEMU's most capable CPU", async () => {
    const system = { domains: { two: probe("two", 2), other: probe("other", 2) } };
    await allReady(fromImage(await build("max", { board: { gic, cpus: 2, memory: "1GiB", cpu: "max" }, system })));
  });

  const mixed: SystemRequest = {
    board: { gic, cpus: 4, memory: "1GiB" },
    system: {
      cpupools: { general: { cpus: ["cpu0", "cpu1"] }, realtime: { cpus: ["cpu2", "cpu3"], scheduler: "null" } },
      domains: {
        banks: { ...hello("banks", 2), memory: [{ at: 0x7000_0000, size: 0x200_0000 }], pool: "realtime" },
        direct: { ...probe("direct", 1), memory: [{ at: 0x6800_0000, size: 0x200_0000 }], directMap: true },
        sized: probe("sized", 2),
      },
    },
  };

  it("with static banks, a direct map, sizes and pools, from one image", async () => {
    await allReady(fromImage(await build("mixed", mixed)));
  });

  it("with CPUs that no domain uses, the boot CPU among them", async () => {
    const cpupools = { work: { cpus: ["cpu2"] }, spare: { cpus: ["cpu3"] } };
    const system = { cpupools, domains: { one: { ...hello("one", 1), pool: "work" } } };
    const built = await build("spare", { board: { gic, cpus: 4, memory: "512MiB" }, system });
    await withMachine(fromImage(built), async (machine) => {
      await machine.waitFor("one", "ready: one", 90);
      // Its input comes by the boot CPU.
      await machine.ask("one", "still here", "one: echo still here");
      expect(machine.saidBy("hypervisor").filter((line) => line.startsWith("PANIC"))).toEqual([]);
    });
  });

  it("wherever a loader puts the image", async () => {
    const built = await build("moved", mixed);
    await allReady(fromImage(built, 0x5020_0000));
    await allReady(fromImage(built, 0x4a00_0000));
  });

  it("from separate files", async () => {
    await allReady(fromFiles(await build("separate", mixed), core));
  });
});

describe("the core starts", () => {
  const allOf = (cpus: number): SystemRequest["system"] => ({
    domains: {
      all: { ...probe("all", cpus), bootargs: "name=all strict" },
      one: { ...probe("one", 1), bootargs: "name=one strict" },
    },
  });

  it("on a ZCU102, whose GIC-400 repeats its pages throughout 64 KiB", async () => {
    const board = { xlnxZcu102: { deviceTree: debian("zynqmp-zcu102") } };
    await allReady(fromImage(await build("zcu102", { board, system: allOf(4) })));
  });

  it("on QEMU's Versal", async () => {
    const board = { xlnxVersalVirt: { memory: "2GiB" } };
    await allReady(fromImage(await build("versal", { board, system: allOf(2) })));
  });
});

describe("the example", () => {
  it("boots by xenimg run, its consoles labelled by domain", async () => {
    const folder = temporaryFolder("example");
    cpSync(join(root, "examples", "two-domains"), join(folder, "examples", "two-domains"), { recursive: true });
    cpSync(join(root, "fixtures", "guests", "build"), join(folder, "fixtures", "guests", "build"), { recursive: true });
    const board = join(folder, "examples", "two-domains", "board.ts");
    const { code, stdout, stderr } = await xenimg(
      "run",
      board,
      "--expect",
      "[control] ready",
      "--expect",
      "[ui] ready",
    );
    expect(stderr + stdout).toMatch(/\[control\] ready: control, 1 of 1 CPUs/);
    expect(stdout).toMatch(/\[ui\] ready: ui, 2 of 2 CPUs/);
    expect(code).toBe(0);
  });
});
