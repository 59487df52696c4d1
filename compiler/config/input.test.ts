import { describe, expect, expectTypeOf, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { GiB, MiB, defineSystem } from "../index.ts";
import type { z } from "zod";
import type { BoardInput, DomainInput, HypervisorInput, PoolInput, SystemInput } from "../index.ts";
import type * as schema from "./schema.ts";

const board = qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) });
const kernel = "Image";
const memory = MiB(512);

describe("defineSystem in the editor", () => {
  it("accepts the design's example", () => {
    const system = defineSystem({
      board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(2) }),
      hypervisor: { bootargs: "console=dtuart", heap: { at: 0x7000_0000, size: MiB(128) } },
      cpupools: { realtime: { cpus: ["cpu2", "cpu3"], scheduler: "null" }, general: { cpus: ["cpu0", "cpu1"] } },
      domains: {
        control: {
          kernel: "zephyr.bin",
          cpus: 1,
          pool: "realtime",
          memory: [{ at: 0x8000_0000, size: MiB(64) }],
          directMap: true,
          console: "vpl011",
        },
        ui: {
          kernel: "Image",
          ramdisk: "rootfs.cpio.gz",
          bootargs: "console=ttyAMA0",
          cpus: 2,
          pool: "general",
          memory: MiB(512),
          enhanced: "no-xenstore",
        },
      },
    });
    expectTypeOf(system).toExtend<SystemInput>();
  });

  it("knows the pools", () => {
    const cpupools = { fast: { cpus: ["cpu1"] } } as const;
    defineSystem({ board, cpupools, domains: { ui: { kernel, memory, pool: "fast" } } });
    // @ts-expect-error there is no such pool
    defineSystem({ board, cpupools, domains: { ui: { kernel, memory, pool: "fats" } } });
    // @ts-expect-error there are no pools
    defineSystem({ board, domains: { ui: { kernel, memory, pool: "fast" } } });
  });

  it("knows the board's CPUs", () => {
    const domains = { ui: { kernel, memory } };
    defineSystem({ board, cpupools: { fast: { cpus: ["cpu3"] } }, domains });
    // @ts-expect-error the board has cpu0 to cpu3
    defineSystem({ board, cpupools: { fast: { cpus: ["cpu4"] } }, domains });
    const blob = {
      name: "own",
      parameters: {},
      cpus: ["big0", "big1"],
      deviceTree: "own.dtb",
      loadAddress: 0,
    } as const;
    defineSystem({ board: blob, cpupools: { fast: { cpus: ["big1"] } }, domains });
    // @ts-expect-error labels of a board written by hand count as well
    defineSystem({ board: blob, cpupools: { fast: { cpus: ["cpu0"] } }, domains });
  });

  it("knows the board's devices", () => {
    const domain = { kernel, memory };
    defineSystem({ board, domains: { ui: { ...domain, passthrough: ["pl031@9010000", "virtio_mmio@a003e00"] } } });
    // @ts-expect-error the clock is at 9010000
    defineSystem({ board, domains: { ui: { ...domain, passthrough: ["pl031@9010001"] } } });
    // @ts-expect-error slots have 0x200 bytes
    defineSystem({ board, domains: { ui: { ...domain, passthrough: ["virtio_mmio@a003f00"] } } });
    // Paths are looked up at build, and so is everything where a board does not name its devices.
    defineSystem({ board, domains: { ui: { ...domain, passthrough: ["/pl031@9010000"] } } });
    defineSystem({ board, domains: { ui: { ...domain, passthrough: "devices.dts" } } });
    const own = { name: "own", parameters: {}, cpus: ["cpu0"], deviceTree: "own.dtb", loadAddress: 0 } as const;
    defineSystem({ board: own, domains: { ui: { ...domain, passthrough: ["eth0"] } } });
    const named = { ...own, devices: ["eth0", "uart1"] } as const;
    defineSystem({ board: named, domains: { ui: { ...domain, passthrough: ["uart1"] } } });
    // @ts-expect-error it has eth0 and uart1
    defineSystem({ board: named, domains: { ui: { ...domain, passthrough: ["uart2"] } } });
    // @ts-expect-error also where the system is a function
    defineSystem(() => ({ board: named, domains: { ui: { ...domain, passthrough: ["uart2"] } } }));
  });

  it("knows the CPUs that a vCPU may be bound to", () => {
    defineSystem({ board, domains: { ui: { kernel, memory, vcpus: [{ affinity: ["cpu3"] }] } } });
    // @ts-expect-error the board has cpu0 to cpu3
    defineSystem({ board, domains: { ui: { kernel, memory, vcpus: [{ affinity: ["cpu4"] }] } } });
  });

  it("knows what later releases brought", () => {
    const domains = { ui: { kernel, memory, grants: { version: 1 }, capabilities: ["control"], sve: 128 } } as const;
    defineSystem({ board, domains });
    // @ts-expect-error there are versions 1 and 2
    defineSystem({ board, domains: { ui: { kernel, memory, grants: { version: 3 } } } });
    // @ts-expect-error nobody is root
    defineSystem({ board, domains: { ui: { kernel, memory, capabilities: ["root"] } } });
    // @ts-expect-error Armv8-R has an MPU or an MMU
    defineSystem({ board, domains: { ui: { kernel, memory, v8rMsa: "mpu64" } } });
  });

  it("knows the domains", () => {
    const domains = { one: { kernel, memory }, two: { kernel, memory } };
    defineSystem({ board, domains, eventChannels: [{ from: ["one", 1], to: ["two", 1] }] });
    // @ts-expect-error there is no such domain
    defineSystem({ board, domains, eventChannels: [{ from: ["one", 1], to: ["tow", 1] }] });
    defineSystem({ board, domains, eventChannels: [{ from: "one", to: ["two", 1] }] });
    defineSystem({ board, domains, eventChannels: [{ from: "one", to: "two" }] });
    // @ts-expect-error there is no such domain
    defineSystem({ board, domains, eventChannels: [{ from: "one", to: "tow" }] });
    // @ts-expect-error a pair has a port
    defineSystem({ board, domains, eventChannels: [{ from: "one", to: ["two"] }] });
    defineSystem({ board, domains, sharedMemory: { frames: { size: 4096, owner: "one", borrowers: ["two"] } } });
    // @ts-expect-error there is no such domain
    defineSystem({ board, domains, sharedMemory: { frames: { size: 4096, owner: "one", borrowers: ["three"] } } });
    const frames = { size: 4096, borrowers: ["one", "two"] } as const;
    defineSystem({ board, domains, sharedMemory: { frames: { ...frames, guestAt: { one: 0x3400_0000 } } } });
    // @ts-expect-error neither is there for a guest address
    defineSystem({ board, domains, sharedMemory: { frames: { ...frames, guestAt: { three: 0x3400_0000 } } } });
    const pool = (domain: "one") => ({ cpus: ["cpu1"] as const, schedule: { windows: [{ domain, duration: 100 }] } });
    defineSystem({ board, domains, cpupools: { fixed: pool("one") } });
    // @ts-expect-error there is no such domain
    defineSystem({
      board,
      domains,
      cpupools: { fixed: { cpus: ["cpu1"], schedule: { windows: [{ domain: "six", duration: 100 }] } } },
    });
  });

  it("knows the ends of PV links, and what a link of its kind has", () => {
    const domains = { one: { kernel, memory }, two: { kernel, memory } };
    const device = "/dev/vda";
    defineSystem({ board, domains, pv: [{ kind: "block", backend: "one", frontend: "two", device, mode: "r" }] });
    // @ts-expect-error there is no such domain
    defineSystem({ board, domains, pv: [{ kind: "net", backend: "one", frontend: "tow" }] });
    // @ts-expect-error there is no such domain
    defineSystem({ board, domains, pv: [{ kind: "net", backend: "won", frontend: "two" }] });
    // @ts-expect-error a disk has a device
    defineSystem({ board, domains, pv: [{ kind: "block", backend: "one", frontend: "two" }] });
    // @ts-expect-error a console has no address
    defineSystem({ board, domains, pv: [{ kind: "console", backend: "one", frontend: "two", mac: "" }] });
    // @ts-expect-error there is no such kind
    defineSystem({ board, domains, pv: [{ kind: "usb", backend: "one", frontend: "two" }] });
  });

  it("knows the fields", () => {
    // @ts-expect-error a misspelt field
    defineSystem({ board, domains: { ui: { kernel, memroy: memory } } });
    // @ts-expect-error a domain has memory
    defineSystem({ board, domains: { ui: { kernel } } });
    // @ts-expect-error vPL011 is the only UART there is
    defineSystem({ board, domains: { ui: { kernel, memory, console: "pl011" } } });
    // @ts-expect-error QEMU's machine has 1 to 8 CPUs here
    expect(() => qemuVirt({ gic: 3, cpus: 9, memory: GiB(1) })).toThrow();
  });

  it("accepts a function of parameters, whose own types are kept", () => {
    const system = defineSystem((params: { readonly kernel?: string }) => ({
      board,
      cpupools: { fast: { cpus: ["cpu1"] } },
      domains: { ui: { kernel: params.kernel ?? kernel, memory, pool: "fast" } },
    }));
    expectTypeOf(system).parameter(0).toEqualTypeOf<{ readonly kernel?: string }>();
    // @ts-expect-error there is no such pool
    defineSystem(() => ({
      board,
      cpupools: { fast: { cpus: ["cpu1"] } },
      domains: { ui: { kernel, memory, pool: "no" } },
    }));
  });

  it("knows parameters by their defaults, and what they are", () => {
    const system = defineSystem({ cpus: 2, kernel: "Image", debug: false }, (params) => {
      expectTypeOf(params).toEqualTypeOf<{ readonly cpus: number; readonly kernel: string; readonly debug: boolean }>();
      // @ts-expect-error there is no such parameter
      expect(params.kernle).toBeUndefined();
      return { board, domains: { ui: { kernel: params.kernel, memory, cpus: params.cpus } } };
    });
    expect(system.parameters).toEqual({ cpus: 2, kernel: "Image", debug: false });
    expect(system({ cpus: 3, kernel: "other", debug: true }).domains.ui).toEqual({ kernel: "other", memory, cpus: 3 });
    // @ts-expect-error a number of CPUs is no text
    system({ cpus: "3", kernel: "other", debug: true });
    // @ts-expect-error there is no such pool
    defineSystem({ kernel }, (params) => ({ board, domains: { ui: { kernel: params.kernel, memory, pool: "no" } } }));
    // @ts-expect-error a parameter is one value
    defineSystem({ kernels: [kernel] }, () => ({ board, domains: { ui: { kernel, memory } } }));
  });

  it("has the fields that the schema has", () => {
    expectTypeOf<keyof SystemInput>().toEqualTypeOf<keyof z.input<typeof schema.system>>();
    expectTypeOf<keyof DomainInput>().toEqualTypeOf<keyof z.input<typeof schema.domain>>();
    expectTypeOf<keyof PoolInput>().toEqualTypeOf<keyof z.input<typeof schema.pool>>();
    expectTypeOf<keyof HypervisorInput>().toEqualTypeOf<keyof z.input<typeof schema.hypervisor>>();
    expectTypeOf<keyof BoardInput>().toEqualTypeOf<keyof z.input<typeof schema.board>>();
  });
});
