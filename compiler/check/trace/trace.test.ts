import { describe, expect, it } from "vitest";
import { MiB } from "../../base/units.ts";
import { placedSystem, twoDomains } from "../../testing/system.ts";
import { bootTrace } from "./trace.ts";

describe("what the hypervisor will say at boot", () => {
  it("is the core's log in the core's words: pools by number, memory where LAYOUT puts it", async () => {
    expect(bootTrace(await placedSystem(), 4096)).toEqual([
      "(XI) image 0x000040200000-0x000040a02000, device tree inside",
      "(XI) RAM[0] 0x000040000000-0x0000c0000000 (2097152KB)",
      "(XI) Brought up 4 CPUs",
      "(XI) Pool-0: credit2, 2 CPUs, 2 vCPUs",
      "(XI) Pool-1: null, 2 CPUs, 1 vCPUs",
      "(XI) d1 (ui): 2 vCPUs, 65536KB, Pool-0",
      "(XI) d1 BANK[0] 0x000040000000-0x000044000000 (64MB) at 0x000040c00000",
      "(XI) Loading d1 kernel from 0x0000000040600000 to 0x0000000040000000-0x0000000040020000",
      "(XI) Loading d1 ramdisk from 0x0000000040800000 to 0x0000000043e00000-0x0000000043e0001f",
      "(XI) Loading d1 DTB to 0x0000000043c00000-",
      "(XI) d2 (control): 1 vCPUs, 32768KB, Pool-1",
      "(XI) d2 BANK[0] 0x000040000000-0x000042000000 (32MB) at 0x000060000000",
      "(XI) Loading d2 kernel from 0x0000000040a00000 to 0x0000000040000000-0x0000000040020000",
      "(XI) Loading d2 DTB to 0x0000000041e00000-",
    ]);
  });

  it("numbers the pool with the boot CPU 0, and has credit2 for credit", async () => {
    const swapped = {
      ...twoDomains,
      cpupools: { realtime: { cpus: ["cpu2", "cpu3"] }, general: { cpus: ["cpu0", "cpu1"], scheduler: "credit" } },
    } as const;
    const lines = bootTrace(await placedSystem(swapped), 4096).filter((line) => line.includes("Pool-"));
    expect(lines).toEqual([
      "(XI) Pool-0: credit2, 2 CPUs, 2 vCPUs",
      "(XI) Pool-1: credit2, 2 CPUs, 1 vCPUs",
      expect.stringContaining("d1 (ui): 2 vCPUs, 65536KB, Pool-0"),
      expect.stringContaining("d2 (control): 1 vCPUs, 32768KB, Pool-1"),
    ]);
  });

  it("names a page once that two devices share", async () => {
    const both = ["virtio_mmio@a000000", "virtio_mmio@a000200"];
    const sharing = {
      ...twoDomains,
      cpupools: {},
      domains: {
        io: { kernel: "Image", memory: [{ at: 0x6000_0000, size: MiB(32) }], directMap: true, passthrough: both },
      },
    };
    const lines = bootTrace(await placedSystem(sharing), 4096).filter((line) => line.includes("DEVICE"));
    expect(lines).toEqual(["(XI) d1 DEVICE[0] 0x00000a000000-0x00000a001000 at 0x00000a000000"]);
  });

  it("is upstream's log in upstream's words: sizes in hexadecimal KB, modules in the tree's order", async () => {
    const sized = { ...twoDomains, cpupools: {}, domains: { ui: { ...twoDomains.domains["ui"], memory: MiB(96) } } };
    const lines = bootTrace(await placedSystem(sized as never, { hypervisor: "xen", version: "4.17" }), 4096);
    expect(lines).toContain("(XEN) MODULE[1]: 0000000040400000 - 0000000040401000 Device Tree");
    expect(lines).toContain("(XEN) CMDLINE[0000000040600000]:ui console=ttyAMA0");
    expect(lines).toContain("(XEN) *** LOADING DOMU cpus=2 memory=18000KB ***");
    expect(lines).toContain("(XEN) d1 BANK[0] 0x00000040000000-0x00000046000000 (96MB)");
    const policy = { ...sized, hypervisor: { xsmPolicy: "xenpolicy" } };
    const more = bootTrace(await placedSystem(policy as never, { hypervisor: "xen", version: "4.17" }), 4096);
    expect(more).toContain("(XEN) MODULE[2]: 0000000040600000 - 0000000040600004 XSM");
    // The file, not what it needs in memory.
    expect(lines).toContain("(XEN) Loading zImage from 0000000040600000 to 0000000040000000-0000000040001388");
  });
});
