import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { GiB, KiB, MiB } from "../base/units.ts";
import type { DomainInput, RegionInput, SystemInput } from "../config/input.ts";
import { checkSystem } from "../testing/system.ts";

const base = { board: qemuVirt({ gic: 3, cpus: 4, memory: "2GiB" }), domains: { ui: domain({}) } };

function domain(fields: Partial<DomainInput>): DomainInput {
  return { kernel: "Image", memory: MiB(32), ...fields };
}

/** Where the first diagnostic `code` points; "key" where it means the name. */
async function placeOf(code: string, fields: Partial<SystemInput>): Promise<unknown> {
  const { diagnostics } = await checkSystem({ ...base, ...fields });
  const found = diagnostics.find((each) => each.code === code);
  expect(diagnostics.map((each) => each.code)).toContain(code);
  return [...(found?.primary?.path ?? []), ...(found?.primary?.at ? ["(key)"] : [])].join(".");
}

const banks = (...memory: readonly RegionInput[]): Partial<SystemInput> => ({ domains: { ui: domain({ memory }) } });
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index));

describe("a diagnostic points at", () => {
  const odd = { at: 0x7000_1000, size: MiB(256) };
  const even = { at: 0x6000_0000, size: MiB(64) };

  it("the heap region that is meant", async () => {
    expect(await placeOf("XI4308", { hypervisor: { heap: odd } })).toBe("hypervisor.heap.at");
    expect(await placeOf("XI4308", { hypervisor: { heap: [even, odd] } })).toBe("hypervisor.heap.1.at");
    const short = { at: 0x7000_0000, size: MiB(256) + KiB(4) };
    expect(await placeOf("XI4308", { hypervisor: { heap: [even, short] } })).toBe("hypervisor.heap.1.size");
    expect(await placeOf("XI4303", { hypervisor: { heap: [even, { at: 0, size: MiB(1) }] } })).toBe(
      "hypervisor.heap.1",
    );
  });

  it("the address or the size of a bank", async () => {
    expect(await placeOf("XI4301", banks({ at: 0x6000_0800, size: MiB(32) }))).toBe("domains.ui.memory.0.at");
    expect(await placeOf("XI4301", banks(even, { at: 0x7000_0000, size: 5000 }))).toBe("domains.ui.memory.1.size");
    expect(await placeOf("XI4302", banks({ at: 0x6000_0000, size: GiB(2 ** 14) }))).toBe("domains.ui.memory.0.size");
    const direct = domain({ memory: [{ at: 0x6010_0000, size: MiB(32) }], directMap: true, console: "none" });
    expect(await placeOf("XI4306", { domains: { ui: direct } })).toBe("domains.ui.memory.0.at");
  });

  it("the address of shared memory", async () => {
    const shared = { sharedMemory: { frames: { at: 0, size: MiB(2), borrowers: ["ui"] } } };
    expect(await placeOf("XI4303", shared)).toBe("sharedMemory.frames.at");
  });

  it("the domain of a channel's end, with its port or without", async () => {
    const channel = (to: string | readonly [string, number]) => ({ eventChannels: [{ from: "ui", to }] });
    expect(await placeOf("XI3003", channel(["iu", 1]))).toBe("eventChannels.0.to.0");
    expect(await placeOf("XI3003", channel("iu"))).toBe("eventChannels.0.to");
  });

  it("the name where the name is wrong", async () => {
    const long = "d".repeat(42);
    expect(await placeOf("XI4103", { domains: { [long]: domain({}) } })).toBe(`domains.${long}.(key)`);
  });

  it("the first of what there is too much of", async () => {
    const named = <T>(count: number, item: T) => Object.fromEntries(many(count, (index) => [`n${index}`, item]));
    const ramdisk = "rootfs.cpio";
    expect(await placeOf("XI4101", { domains: named(31, domain({})) })).toBe("domains.n30.kernel");
    expect(await placeOf("XI4101", { domains: named(16, domain({ ramdisk })) })).toBe("domains.n15.kernel");
    const two = { one: domain({}), ...named(15, domain({ ramdisk })) };
    expect(await placeOf("XI4101", { domains: two })).toBe("domains.n14.ramdisk");
    const pages = many(257, (index) => ({ at: 0x6000_0000 + index * KiB(8), size: KiB(4) }));
    expect(await placeOf("XI4305", banks(...pages))).toBe("domains.ui.memory.256");
    const channel = { from: ["ui", 1], to: ["ui", 2] } as const;
    expect(await placeOf("XI4606", { eventChannels: many(129, () => channel) })).toBe("eventChannels.128");
    const share = { size: KiB(4), borrowers: ["ui"] };
    expect(await placeOf("XI4606", { sharedMemory: named(33, share) })).toBe("sharedMemory.n32.(key)");
  });

  it("the bank after which the whole system has too many", async () => {
    const page = (index: number): RegionInput => ({ at: 0x6000_0000 + index * KiB(8), size: KiB(4) });
    const first = domain({ memory: many(200, page) });
    const second = domain({ memory: many(60, (index) => page(200 + index)) });
    expect(await placeOf("XI4305", { domains: { first, second } })).toBe("domains.second.memory.56");
  });

  it("the first bank where that is too small", async () => {
    expect(await placeOf("XI5003", banks({ at: 0x6000_0000, size: MiB(1) }))).toBe("domains.ui.memory.0");
    expect(await placeOf("XI5003", { domains: { ui: domain({ memory: MiB(1) }) } })).toBe("domains.ui.memory");
  });
});
