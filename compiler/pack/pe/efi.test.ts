import { readFileSync } from "node:fs";
import { encode } from "dtc-js";
import { describe, expect, it } from "vitest";
import { qemuVirt } from "../../../boards/index.ts";
import { MiB } from "../../base/units.ts";
import { decodeLoadPlan, mostEntries, planEntry, planHeader } from "../../codecs/pe/load-plan.ts";
import { readPe, sectionBytes } from "../../codecs/pe/read.ts";
import { readStub, stubHeader } from "../../codecs/pe/stub.ts";
import type { TargetPlan } from "../../ir/plan.ts";
import { lower } from "../../lower/lower.ts";
import { efiImage, efiPlan, efiTree, stub, stubFile } from "../../testing/efi.ts";
import { joinPieces } from "../../testing/outputs.ts";
import { files, placedSystem, twoDomains } from "../../testing/system.ts";
import { packEfi } from "./efi.ts";
import { efiLimits, heldByFirmware } from "./limits.ts";

const image = efiImage();
const read = readPe(image);
if (read.kind !== "pe") throw new Error(JSON.stringify(read));
const { pe } = read;
const [text, , planSection] = pe.sections;
const base = text?.memory.start ?? 0;

describe("image.efi of a system", () => {
  it("has the stub, its plan, and each file as a section", () => {
    expect(pe.sections.map(({ name }) => name)).toEqual([
      ...[".text", ".rodata", ".plan", ".hv", ".dtb"],
      ...[".mod1", ".mod2", ".mod3"],
    ]);
    const packed = [files["core.img"], efiTree, files.Image, files["rootfs.cpio"], files.Image2];
    const contents = pe.sections.slice(3).map((section) => Buffer.from(sectionBytes(image, section)));
    expect(contents.map((bytes, index) => bytes.equals(packed[index] ?? new Uint8Array()))).toEqual(
      packed.map(() => true),
    );
    expect(pe.entryPoint).toBe(base + 64);
  });

  it("tells the stub where its plan is, and nothing else of it is changed", () => {
    const [code = new Uint8Array(), constants] = pe.sections.map((section) => sectionBytes(image, section));
    const header = stubHeader.decode(code, 0);
    expect(header).toMatchObject({
      image_size: image.length - base,
      plan_offset: (planSection?.memory.start ?? 0) - base,
      plan_size: planSection?.memory.size,
    });
    const original = stubFile();
    expect(code.subarray(64)).toEqual(original.subarray(64, 100));
    expect(code.subarray(0, 32)).toEqual(original.subarray(0, 32));
    expect(constants).toEqual(original.subarray(4096));
  });

  it("plans each file to where image.bin has it, the hypervisor with its BSS, and all memory that has an owner", () => {
    const plan = planSection && decodeLoadPlan(sectionBytes(image, planSection));
    const sizes = [4096, efiTree.length, 5000, 31, 6000];
    const copies = efiPlan.files.map(({ at, owner }, index) => ({
      kind: ["hypervisor", "device tree"][index] ?? "module",
      name: owner,
      source: { start: (pe.sections[index + 3]?.memory.start ?? 0) - base, size: sizes[index] },
      destination: { start: at, size: index === 0 ? MiB(1) : sizes[index] },
    }));
    const none = { start: 0, size: 0 };
    const [ui] = efiPlan.placed.domains;
    expect(plan).toEqual([
      ...copies,
      { kind: "claim", name: "domain ui", source: none, destination: ui?.banks[0]?.machine },
      { kind: "claim", name: "domain control", source: none, destination: { start: 0x6000_0000, size: MiB(32) } },
      { kind: "ram", name: "RAM", source: none, destination: { start: 0x4000_0000, size: 0x8000_0000 } },
    ]);
  });

  it("does not claim memory for a domain of upstream Xen that is given by size: it may be anywhere", async () => {
    const placed = await placedSystem(
      { ...twoDomains, cpupools: {}, domains: { ui: { ...twoDomains.domains.ui, kernel: "Image", memory: MiB(64) } } },
      { hypervisor: "xen", version: "4.17" },
      { ...files, "core.img": files.Image },
    );
    const plan = lower(placed);
    const bytes = joinPieces(packEfi(plan, encode(plan.systemTree), stub()));
    const made = readPe(bytes);
    const section = made.kind === "pe" ? made.pe.sections[2] : undefined;
    const kinds = section && decodeLoadPlan(sectionBytes(bytes, section))?.map(({ kind }) => kind);
    expect(kinds).toEqual(["hypervisor", "device tree", "module", "module", "ram"]);
  });

  it("is made of no file but a stub of this version", () => {
    const spoilt = (at: number, value: number): Uint8Array => {
      const bytes = stubFile();
      new DataView(bytes.buffer).setUint32(at, value, true);
      return bytes;
    };
    expect(readStub(stubFile())?.text.length).toBe(100);
    for (const bytes of [spoilt(0, 0), spoilt(8, 2), spoilt(16, 100), spoilt(20, 5000), spoilt(28, 41), spoilt(32, 1)])
      expect(readStub(bytes)).toBeUndefined();
    expect(readStub(files.Image)).toBeUndefined();
  });
});

describe("the records of the EFI stub", () => {
  const source = readFileSync(new URL("../../../hypervisor/efi/plan.h", import.meta.url), "utf8");

  it.each([
    ["efi_stub_header", stubHeader],
    ["plan_header", planHeader],
    ["plan_entry", planEntry],
  ] as const)("have struct %s's fields, in its order", (name, format) => {
    const [, body = ""] = new RegExp(`struct ${name} \\{(.*?)\\n\\};`, "s").exec(source) ?? [];
    const sizes: Readonly<Record<string, number>> = { uint8_t: 1, char: 1, uint32_t: 4, uint64_t: 8 };
    let offset = 0;
    const declared = [...body.matchAll(/^ +(\w+) (\w+)(?:\[(\d+)\])?;/gm)].map(
      ([, type = "", field = "", count]): readonly [string, number] => {
        const at = offset;
        offset += (sizes[type] ?? NaN) * Number(count ?? 1);
        return [field, at];
      },
    );
    expect(
      Object.entries(format.fields as Record<string, { readonly at: number }>).map(([field, { at }]) => [field, at]),
    ).toEqual(declared);
    expect(offset).toBe(format.size);
    expect(source).toContain(`sizeof(struct ${name}) == ${format.size}`);
  });

  it("have as many entries at most as the stub takes", () => {
    expect(source).toContain(`#define PLAN_MOST ${mostEntries}u`);
  });
});

describe("the limits of image.efi", () => {
  const [file] = efiPlan.files;
  if (file === undefined) throw new Error("a plan without files");
  const planOf = (count: number, size: number): TargetPlan => {
    // Only the length is asked for: no memory is needed to be too long.
    const bytes = Object.defineProperty(new Uint8Array(), "length", { value: size });
    const content = { kind: "bytes", bytes } as const;
    return { ...efiPlan, files: Array.from({ length: count }, () => ({ ...file, content })) };
  };
  const codes = (plan: TargetPlan): string[] => efiLimits(plan, efiTree).map(({ code }) => code);

  it("XI6202: are 1024 files and ranges", () => {
    expect(codes(planOf(1021, 1))).toEqual([]);
    expect(codes(planOf(1022, 1))).toEqual(["XI6202"]);
  });

  it("XI6203: are 2 GiB of files", () => {
    expect(codes(planOf(2, 2 ** 30 - MiB(1)))).toEqual([]);
    expect(codes(planOf(2, 2 ** 30))).toEqual(["XI6203"]);
  });
});

it("XI6204: image.efi is warned of where it goes to the firmware's own memory, and only there", async () => {
  const held = async (loadAddress: number): Promise<string[]> => {
    const board = { ...qemuVirt({ gic: 3, cpus: 4, memory: "2GiB" }), loadAddress };
    const plan = lower(await placedSystem({ ...twoDomains, board }));
    return heldByFirmware(plan, encode(plan.systemTree)).map(({ code, message }) => `${code} ${message}`);
  };
  expect(await held(0x4402_0000 - 0x2_0000)).toEqual([
    "XI6204 image.efi brings hypervisor to [0x44000000, 0x44100000), and the UEFI firmware of qemu-virt is at [0x44000000, 0x44020000) itself",
  ]);
  expect(await held(0x4420_0000)).toEqual([]);
  expect((await held(0x4760_0000)).length).toBe(4);
});

it("image.efi claims whole pages, and no RAM that the board has reserved", async () => {
  const board = qemuVirt({ gic: 3, cpus: 4, memory: "1GiB" });
  const placed = await placedSystem({
    ...twoDomains,
    board: { ...board, firmware: { reserved: [{ at: 0x7fff_f800, size: 0x800 }] } },
  });
  const plan = lower(placed);
  const bytes = joinPieces(packEfi(plan, encode(plan.systemTree), stub()));
  const made = readPe(bytes);
  const section = made.kind === "pe" ? made.pe.sections[2] : undefined;
  const ram = section && decodeLoadPlan(sectionBytes(bytes, section))?.filter(({ kind }) => kind === "ram");
  expect(ram?.map(({ destination }) => destination)).toEqual([{ start: 0x4000_0000, size: 0x3fff_f000 }]);
});
