import { fc, it as property } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { Target } from "../ir/target.ts";
import { xenVersions } from "../ir/target.ts";
import { files, tableHost } from "../testing/system.ts";
import { check, compile } from "./compile.ts";

const board = qemuVirt({ gic: 3, cpus: 4, memory: "1GiB" });
const jsonLike = fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true });

/** One of the values that mean something, now and then something else altogether. */
const likely = (...values: readonly unknown[]) =>
  fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...values) }, { weight: 1, arbitrary: jsonLike });
const some = (fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) => fc.record(fields, { requiredKeys: [] });

const domainName = likely("a", "b", "c", "nobody");
const pages = likely(4096, MiB(2), MiB(16), "64MiB", 1, 2 ** 40);
const address = likely(0, 0x4000_0000, 0x4800_0000, 0x7fff_f000, 2 ** 51, 4097);
const region = fc.record({ at: address, size: pages });
const rtds = some({ budget: likely(10, 4000, 20_000), period: likely(100, 10_000) });

const domain = fc.record(
  {
    kernel: likely("Image", "Image2", "missing", "rootfs.cpio"),
    memory: fc.oneof(pages, fc.array(region, { maxLength: 3 })),
    ramdisk: likely("rootfs.cpio"),
    bootargs: likely("console=ttyAMA0", "console=hvc0", ""),
    cpus: likely(1, 2, 8, 9, 128),
    directMap: likely(true, false),
    console: likely("vpl011", "none"),
    enhanced: likely(true, false, "no-xenstore", "legacy"),
    pool: likely("p", "q", "nowhere"),
    weight: likely(1, 65535),
    cap: likely(1, 3200),
    passthrough: likely(["pl031@9010000"], ["pl061"], ["/intc@8000000"], ["nothing"], "Image"),
    rtds,
    vcpus: fc.array(some({ affinity: fc.array(likely("cpu0", "cpu3", "cpu9"), { maxLength: 3 }), rtds }), {
      maxLength: 3,
    }),
    onCrash: likely("restart", "preserve"),
    nrSpis: likely(0, 3, 988),
    p2mMemory: likely("1MiB", "1GiB", 2 ** 51),
    grants: some({ version: likely(1, 2), frames: likely(1, 4096), maptrackFrames: likely(0, 2 ** 31 - 1) }),
    trapUnmappedAccesses: likely(true, false),
    capabilities: fc.array(likely("control", "hardware", "xenstore"), { maxLength: 3 }),
    passthroughPolicy: likely("enabled", "disabled"),
    sve: likely(true, 0, 128, 2048),
    llcColors: likely("0", "0-3,8", "3-1"),
    sci: likely("none", "scmi_smc"),
    v8rMsa: likely("mpu", "mmu"),
  },
  { requiredKeys: ["kernel", "memory"] },
);

/** What goes together, whatever is left out. */
const sound = fc.record(
  {
    kernel: fc.constantFrom("Image", "Image2"),
    memory: fc.constantFrom(MiB(16), "64MiB"),
    ramdisk: fc.constant("rootfs.cpio"),
    bootargs: fc.constantFrom("", "quiet"),
    cpus: fc.integer({ min: 1, max: 4 }),
    console: fc.constantFrom("vpl011", "none"),
    enhanced: fc.constantFrom(false, "no-xenstore"),
    nrSpis: fc.integer({ min: 1, max: 988 }),
    p2mMemory: fc.integer({ min: 1, max: 64 }).map(MiB),
    grants: some({
      version: fc.constantFrom(1, 2),
      frames: fc.integer({ min: 1, max: 4096 }),
      maptrackFrames: fc.constantFrom(0, 1, 2 ** 31 - 1),
    }),
    trapUnmappedAccesses: fc.boolean(),
    capabilities: fc.subarray(["control"]),
    passthroughPolicy: fc.constantFrom("enabled", "disabled"),
    sve: fc.oneof(
      fc.boolean(),
      fc.integer({ min: 0, max: 16 }).map((units) => units * 128),
    ),
    sci: fc.constant("none"),
  },
  { requiredKeys: ["kernel", "memory"] },
);

const pool = fc.record(
  {
    cpus: fc.oneof(fc.array(likely("cpu0", "cpu1", "cpu2", "cpu3", "cpu9"), { maxLength: 3 }), likely("cluster0")),
    scheduler: likely("null", "credit", "credit2", "rtds", "arinc653"),
    schedule: some({
      majorFrame: likely(100, 10_000),
      windows: fc.array(some({ domain: domainName, vcpu: likely(0, 7), duration: likely(100, 5000) }), {
        maxLength: 3,
      }),
    }),
  },
  { requiredKeys: ["cpus"] },
);

const port = fc.oneof(domainName, fc.tuple(domainName, likely(1, 2, 1023, 1024)));

const system = fc.record(
  {
    board: likely(board, { ...board, loadAddress: 0 }, { ...board, deviceTree: "Image" }),
    domains: fc.dictionary(fc.constantFrom("a", "b", "c"), domain, { minKeys: 1 }),
    hypervisor: some({
      bootargs: likely("sched=null", "sched=rtds llc-coloring=on"),
      heap: fc.oneof(region, fc.array(region)),
    }),
    cpupools: fc.dictionary(fc.constantFrom("p", "q", "Pool-0"), pool),
    sharedMemory: fc.dictionary(
      fc.constantFrom("s", "t", "a name that is too long"),
      fc.record(
        {
          size: pages,
          borrowers: fc.array(domainName, { minLength: 1, maxLength: 3 }),
          at: address,
          guestAt: address,
          owner: domainName,
        },
        { requiredKeys: ["size", "borrowers"] },
      ),
    ),
    eventChannels: fc.array(fc.record({ from: port, to: port }), { maxLength: 4 }),
    pv: fc.array(
      some({
        kind: likely("net", "block", "console", "9pfs"),
        backend: domainName,
        frontend: domainName,
        mac: likely("00:16:3e:00:00:01"),
        device: likely("/dev/vda"),
        path: likely("/srv"),
        tag: likely("srv"),
      }),
      { maxLength: 3 },
    ),
  },
  { requiredKeys: ["board", "domains"] },
);

const target: fc.Arbitrary<Target> = fc.constantFrom<Target>(
  { hypervisor: "core" },
  ...xenVersions.map((version): Target => ({ hypervisor: "xen", version })),
);

const request = (value: unknown, of: Target) => ({
  config: { file: "board.ts", text: "", value },
  name: "board",
  target: of,
  version: "0",
  hypervisor: { path: "core.img", name: "core.img" },
});

describe("any configuration whatever", () => {
  property.prop([fc.oneof(system, jsonLike), target], { numRuns: 300 })(
    "is placed or has an error, and never throws",
    async (value, of) => {
      const { placed, diagnostics } = await check(tableHost(files), request(value, of));
      expect(placed === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
    },
  );

  property.prop([fc.dictionary(fc.constantFrom("a", "b"), sound, { minKeys: 1 })], { numRuns: 100 })(
    "of sound parts is written, and read back as it was planned",
    async (domains) => {
      const of: Target = { hypervisor: "xen", version: "4.22" };
      const { artifacts, diagnostics } = await compile(tableHost(files), request({ board, domains }, of));
      expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
      expect(artifacts?.map(({ path }) => path)).toContain("manifest.json");
    },
  );
});
