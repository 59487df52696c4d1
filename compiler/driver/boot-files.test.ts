import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { MiB } from "../base/units.ts";
import type { SystemInput } from "../config/input.ts";
import { lower } from "../lower/lower.ts";
import { withDisk } from "../testing/disk-tools.ts";
import { mkimageScript } from "../testing/mkimage.ts";
import type { BuildRequest } from "../testing/outputs.ts";
import { build, outputs } from "../testing/outputs.ts";
import { stubFile } from "../testing/efi.ts";
import { files, kernelImage, placedSystem, twoDomains } from "../testing/system.ts";
import { bootFiles } from "./boot-files.ts";

const partition = 2 ** 20;

/** What is on a disk, and its script. */
async function onDisk(request: BuildRequest): Promise<{ readonly paths: readonly string[]; readonly script: string }> {
  const disk = (await outputs(twoDomains, files, request)).get("disk.img");
  if (disk === undefined) throw new Error("no disk.img");
  return withDisk([disk], ({ mtools, copyOut }) => ({
    paths: mtools("mdir", partition, "-/", "-b", "::").output.trim().split("\n").sort(),
    script: Buffer.from(copyOut(partition, "boot.scr")).subarray(72).toString(),
  }));
}

const separate = ["boot.scr", "hypervisor.img", "modules/", "system.dtb"];
const modules = ["modules/control-kernel", "modules/ui-kernel", "modules/ui-ramdisk"];
const separateFiles = [...separate, ...modules].map((path) => `::/${path}`).sort();

describe("disk.img with image.efi", () => {
  const efiStub = { path: "efi-stub.bin", bytes: stubFile() };
  const placed = ["::/EFI/", "::/EFI/BOOT/", "::/EFI/BOOT/BOOTAA64.EFI"];

  it("has it where UEFI firmware looks, and nothing else", async () => {
    const found = await outputs(twoDomains, files, { formats: ["uefi", "disk"], efiStub });
    withDisk([found.get("disk.img") ?? Buffer.alloc(0)], ({ mtools, copyOut }) => {
      expect(mtools("mdir", partition, "-/", "-b", "::").output.trim().split("\n").sort()).toEqual(placed);
      expect(found.get("image.efi")?.equals(copyOut(partition, "EFI/BOOT/BOOTAA64.EFI"))).toBe(true);
    });
  });

  it("has it beside what U-Boot starts, where that is asked for", async () => {
    const { paths } = await onDisk({ formats: ["uefi", "fit", "disk"], efiStub });
    expect(paths).toEqual([...placed, "::/boot.scr", "::/image.itb"]);
  });
});

describe("boot.scr", () => {
  it("loads each file to its address, compares its size, and boots in place", async () => {
    const found = await outputs(twoDomains, files, { formats: ["script"] });
    const script = found.get("boot.cmd")?.toString() ?? "";
    expect(script).toMatch(/^setenv fdt_high 0xffffffffffffffff\nsetenv initrd_high 0xffffffffffffffff$/m);
    const loads = [...script.matchAll(/^ +load \$\{devtype\} \$\{devnum\}:\$\{distro_bootpart\} (\S+) (\S+)$/gm)];
    const { outputs: listed } = JSON.parse(found.get("manifest.json")?.toString() ?? "") as {
      outputs: { path: string; address?: string }[];
    };
    const planned = listed.flatMap(({ path, address }) => (address === undefined ? [] : [[address, path]]));
    expect(loads.map(([, at, path]) => [at, path])).toEqual(
      planned.map(([at, path]) => [at, `\${prefix}${path ?? ""}`]),
    );
    const sizes = [...script.matchAll(/if test "\$\{filesize\}" != ([0-9a-f]+); then$/gm)];
    expect(sizes.map(([, size]) => parseInt(size ?? "", 16))).toEqual(
      planned.map(([, path = ""]) => found.get(path)?.length),
    );
    expect(script).toMatch(new RegExp(`^ +booti ${planned[0]?.[0] ?? ""} - ${planned[1]?.[0] ?? ""}$`, "m"));
  });

  it("is boot.cmd as mkimage packs it, of the moment that was asked for", async () => {
    const found = await outputs(twoDomains, files, { formats: ["script"], epoch: 1_700_000_000 });
    const expected = mkimageScript(found.get("boot.cmd") ?? Buffer.alloc(0), "board", 1_700_000_000);
    expect(found.get("boot.scr")?.equals(expected)).toBe(true);
  });

  it.each([
    ["sd", "load mmc 0:1 0x"],
    ["scsi", "load scsi 0:1 0x"],
    ["usb", "fatload usb 0:1 0x"],
    ["tftp", "tftpb 0x"],
    ["ext4load nvme 0:2", "ext4load nvme 0:2 0x"],
  ])("loads by %s", async (load, command) => {
    const script = (await outputs(twoDomains, files, { formats: ["script"], load })).get("boot.cmd")?.toString() ?? "";
    expect(script.split("\n").filter((line) => line.startsWith(`  ${command}`)).length).toBe(5);
    expect(script).toMatch(/ hypervisor\.img$/m);
  });
});

describe("disk.img", () => {
  it("alone holds the separate files and their script", async () => {
    const { paths, script } = await onDisk({ formats: ["disk"] });
    expect(paths).toEqual(separateFiles);
    expect(script).toContain("booti 0x");
  });

  it("loads from itself, however boot.scr beside it does", async () => {
    const { script } = await onDisk({ formats: ["script", "disk"], load: "tftp" });
    expect([script.includes("tftpb"), script.includes("${devtype}")]).toEqual([false, true]);
  });

  it.each([
    [["fit", "disk"], ["boot.scr", "image.itb"], /bootm 0x[0-9a-f]+#conf-1$/m],
    [["script", "raw", "fit", "disk"], ["boot.scr", "image.itb"], /bootm 0x[0-9a-f]+#conf-1$/m],
    [["raw", "disk"], ["boot.scr", "image.bin"], /booti 0x[0-9a-f]+ - \$\{fdtcontroladdr\}$/m],
  ] as const)("of %j holds %j", async (formats, paths, start) => {
    const found = await onDisk({ formats });
    expect(found.paths).toEqual(paths.map((path) => `::/${path}`));
    expect(found.script).toMatch(start);
  });

  it("of raw and script holds the separate files", async () => {
    expect((await onDisk({ formats: ["raw", "script", "disk"] })).paths).toEqual(separateFiles);
  });

  it("holds the separate files where another hypervisor has no image.bin", async () => {
    const target = { hypervisor: "xen", version: "4.22" } as const;
    const { paths } = await onDisk({ formats: ["raw", "disk"], target });
    expect(paths).toEqual(separateFiles);
  });

  it("has a FIT loaded where nothing of it goes", async () => {
    const found = await outputs(twoDomains, files, { formats: ["fit", "disk"] });
    const { image } = JSON.parse(found.get("manifest.json")?.toString() ?? "") as {
      image: { address: string; size: number };
    };
    const { script } = await onDisk({ formats: ["fit", "disk"] });
    const at = Number(/bootm (0x[0-9a-f]+)#/.exec(script)?.[1]);
    expect(at).toBeGreaterThanOrEqual(Number(image.address) + image.size);
  });
});

it("XI6305: a device tree has room to grow in", async () => {
  const placed = await placedSystem();
  const plan = lower(placed);
  const facts = { images: { formats: ["script"], hash: "sha256" }, scriptTemplate: "" } as const;
  const of = (size: number): readonly string[] =>
    bootFiles(plan, [{ path: "system.dtb", pieces: [{ zeros: size }], executable: false }], [], {
      ...facts,
      runTemplate: "",
      pvTemplate: "",
      version: "0",
      configuration: { path: "board.ts", bytes: new Uint8Array() },
      digest: () => "",
    }).diagnostics.map(({ code }) => code);
  expect(of(MiB(2) - 0x3000)).toEqual([]);
  expect(of(MiB(2) - 0x2fff)).toEqual(["XI6305"]);
});

describe("what a disk has no room for", () => {
  const board = qemuVirt({ gic: 3, cpus: 4, memory: MiB(256) });
  const codes = async (value: SystemInput, request: BuildRequest, table = files as BuildTable): Promise<unknown> =>
    (await build(value, table, request)).diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ code }) => code);
  type BuildTable = Readonly<Record<string, Uint8Array>>;
  const named = (...names: readonly string[]): SystemInput => ({
    board,
    domains: Object.fromEntries(names.map((name) => [name, { kernel: "Image", memory: MiB(16) }])),
  });

  it("XI6301: are names that differ in case alone", async () => {
    expect(await codes(named("ui", "UI"), { formats: ["disk"] })).toEqual(["XI6301"]);
    expect(await codes(named("ui", "UI"), { formats: ["fit", "disk"] })).toEqual([]);
    expect(await codes(named("ui", "ui."), { formats: ["disk"] })).toEqual([]);
  });

  it("XI6302: is a FIT that RAM has no second place for, U-Boot's own place aside", async () => {
    const large = kernelImage(MiB(97), MiB(97));
    const system: SystemInput = { board, domains: { ui: { kernel: "large", memory: MiB(120) } } };
    expect(await codes(system, { formats: ["fit", "disk"] }, { ...files, large })).toEqual(["XI6302"]);
  });
});
