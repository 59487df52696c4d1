import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { bytes } from "../base/units.ts";
import type { CheckedConfig, CheckedDomain } from "../ir/checked.ts";
import type { FileAnswer, Host } from "../ir/host.ts";
import type { Target } from "../ir/target.ts";
import { coreImage, kernelImage } from "../testing/system.ts";
import { saysNoStore } from "./hypervisor.ts";
import { resolveSystem } from "./resolve.ts";

/** A core that says that it has no XenStore. */
function plainCore(): Uint8Array {
  const image = coreImage();
  image.set(new TextEncoder().encode(`${saysNoStore}\0`), 1000);
  return image;
}

const ok = (data: Uint8Array): FileAnswer => ({ kind: "ok", bytes: data });
const answers: Readonly<Record<string, FileAnswer>> = {
  "core.img": ok(coreImage()),
  "plain.img": ok(plainCore()),
  "old.img": ok(coreImage().with(72, 1)),
  Image: ok(kernelImage()),
  "rootfs.cpio": ok(new Uint8Array(10)),
  empty: ok(new Uint8Array(0)),
  folder: { kind: "unreadable", reason: "it is a folder" },
  "notes.txt": ok(new TextEncoder().encode("only text, but more than 64 bytes of it, to be no header cut short")),
};

let reads: string[] = [];
const host: Host = {
  readFile: (path) => {
    reads.push(path);
    return Promise.resolve(answers[path] ?? { kind: "missing" });
  },
  readTemplate: () => Promise.reject(new Error("no stage here reads templates")),
  digest: () => "",
};

const domain: CheckedDomain = {
  name: "ui",
  kernel: "Image",
  cpus: 1,
  memory: { kind: "sized", size: bytes(4096) },
  directMap: false,
  vpl011: true,
  vcpus: [],
  onShutdown: {},
};
const config: CheckedConfig = {
  board: qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }),
  rollbackIndex: 0,
  hypervisor: { bootargs: "", heap: [] },
  cpupools: [],
  sharedMemory: [],
  eventChannels: [],
  pv: [],
  domains: [domain],
};

function resolve(
  change: Partial<CheckedConfig> = {},
  hypervisor = "core.img",
  target: Target = { hypervisor: "core" },
) {
  reads = [];
  const options = { name: "board", target, hypervisor: { path: hypervisor, name: hypervisor } };
  return resolveSystem({ ...config, ...change }, options, host);
}
async function findings(...change: Parameters<typeof resolve>): Promise<readonly string[]> {
  const { value, diagnostics } = await resolve(...change);
  expect(value === undefined).toBe(diagnostics.length > 0);
  return diagnostics.map(({ code, primary }) => `${code} ${(primary?.path ?? []).join(".")}`.trim());
}
const withDomain = (fields: Partial<CheckedDomain>): Partial<CheckedConfig> => ({
  domains: [{ ...domain, ...fields }],
});

describe("names", () => {
  it("point at things", async () => {
    const pool = { name: "fast", cpus: ["cpu1"], scheduler: "null", schedule: undefined } as const;
    const { value } = await resolve({ cpupools: [pool], ...withDomain({ pool: "fast", ramdisk: "rootfs.cpio" }) });
    const [ui] = value?.domains ?? [];
    expect(ui?.pool?.cpus).toEqual([
      { label: "cpu1", path: "/cpus/cpu@1", mpidr: 1, compatible: ["arm,cortex-a57"], model: "arm,cortex-a57" },
    ]);
    expect(ui?.ramdisk?.bytes).toHaveLength(10);
    expect(ui?.kernel.format.kind).toBe("arm64-image");
  });

  it("that point nowhere are told, each at its place", async () => {
    const pool = { name: "fast", cpus: ["cpu1", "cpu7"], scheduler: undefined, schedule: undefined };
    expect(await findings({ cpupools: [pool], ...withDomain({ pool: "fats" }) })).toEqual([
      "XI3002 cpupools.fast.cpus.1",
      "XI3001 domains.ui.pool",
    ]);
    const { diagnostics } = await resolve({ cpupools: [pool], ...withDomain({ pool: "fats" }) });
    expect(diagnostics.map(({ help }) => help)).toEqual(["choose one of cpu0, cpu1", 'did you mean "fast"?']);
  });
});

describe("files", () => {
  it("are read once each", async () => {
    await resolve({ domains: [domain, { ...domain, name: "b" }] });
    expect(reads.filter((path) => path === "Image")).toHaveLength(1);
  });

  it("that are missing, unreadable or empty are told, all of them", async () => {
    const domains = [
      { ...domain, kernel: "nowhere" },
      { ...domain, name: "b", kernel: "folder" },
      { ...domain, name: "c", ramdisk: "empty" },
    ];
    const found = await findings({ domains });
    expect([...found].sort()).toEqual([
      "XI2001 domains.ui.kernel",
      "XI2002 domains.b.kernel",
      "XI2003 domains.c.ramdisk",
    ]);
  });

  it("may hold the board's device tree", async () => {
    const tree = (deviceTree: string): Partial<CheckedConfig> => ({ board: { ...config.board, deviceTree } });
    expect(await findings(tree("nowhere.dtb"))).toEqual(["XI2001 board.deviceTree"]);
    expect(await findings(tree("notes.txt"))).toEqual(["XI3101 board.deviceTree"]);
  });
});

describe("the hypervisor", () => {
  it.each([
    ["nowhere", "XI2001"],
    ["folder", "XI2002"],
    ["empty", "XI2003"],
    ["notes.txt", "XI3201"],
    ["Image", "XI3202"],
    ["old.img", "XI3202"],
  ])("%s is refused with %s", async (path, code) => {
    expect(await findings({}, path)).toEqual([code]);
  });

  it("is a core with XenStore where there are PV links", async () => {
    const ends = [
      { ...domain, name: "a" },
      { ...domain, name: "b" },
    ];
    const linked = { domains: ends, pv: [{ kind: "net", backend: "a", frontend: "b" }] } as const;
    expect(await findings(linked, "plain.img")).toEqual(["XI3204 pv"]);
    expect(await findings(linked, "core.img")).toEqual([]);
    expect(await findings({}, "plain.img")).toEqual([]);
    expect((await resolve(linked, "plain.img", { hypervisor: "xen", version: "4.21" })).diagnostics).toEqual([]);
  });

  it("says so in the words that the core without XenStore has", () => {
    const source = new URL("../../hypervisor/core/no_pv.c", import.meta.url);
    expect(readFileSync(source, "utf8")).toContain(`"${saysNoStore}"`);
  });

  it("may be any Image where it is said to be Xen", async () => {
    const { value } = await resolve({}, "Image", { hypervisor: "xen", version: "4.17" });
    expect(value?.hypervisor.image).toMatchObject({ kind: "xen", imageSize: 0x1_0000 });
  });
});
