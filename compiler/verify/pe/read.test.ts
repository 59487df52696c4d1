import { test } from "@fast-check/vitest";
import { decode, encode, findNode, property, cells64, setProperty } from "dtc-js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packPe } from "../../pack/pe/pe.ts";
import { efiImage, efiPlan, efiTree } from "../../testing/efi.ts";
import { joinPieces } from "../../testing/outputs.ts";
import { files } from "../../testing/system.ts";
import { describeEfi, describePe } from "./describe.ts";
import { joiner } from "../joiner.ts";
import { verifyPlannedEfi } from "./planned.ts";
import type { EfiImage } from "./read.ts";
import { readEfi } from "./read.ts";

const image = efiImage();

function efiOf(bytes: Uint8Array): EfiImage {
  const read = readEfi(bytes);
  if (read.kind !== "efi") throw new Error(JSON.stringify(read));
  return read.efi;
}

const { pe } = efiOf(image);
const sectionAt = (name: string): number => pe.sections.find((section) => section.name === name)?.file.start ?? -1;
const plan = sectionAt(".plan");
const entry = (index: number): number => plan + 24 + 112 * index;

const altered = (at: number, value: bigint): Uint8Array => {
  const bytes = image.slice();
  new DataView(bytes.buffer).setBigUint64(at, value, true);
  return bytes;
};

/** The same image with another tree of the same length. */
function withTree(change: (tree: ReturnType<typeof efiOf>["tree"]) => ReturnType<typeof efiOf>["tree"]): Uint8Array {
  const decoded = decode(efiTree);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  const bytes = image.slice();
  bytes.set(encode(change(decoded.value)), sectionAt(".dtb"));
  return bytes;
}

describe("image.efi", () => {
  it("reads back as the files that went in, with their places", () => {
    const read = efiOf(image);
    expect(read.files.map(({ kind, name, at }) => [kind, name, at.start])).toEqual(
      efiPlan.files.map(({ owner, at }, index) => [["hypervisor", "device tree"][index] ?? "module", owner, at]),
    );
    const packed = [files["core.img"], efiTree, files.Image, files["rootfs.cpio"], files.Image2];
    expect(read.files.map(({ bytes }) => Buffer.from(bytes))).toEqual(packed.map((bytes) => Buffer.from(bytes)));
  });

  it("is listed with its sections, its plan and the memory that it wants", () => {
    const text = describeEfi(efiOf(image));
    expect(text).toContain("not signed");
    expect(text).toMatch(/0x1000 +100 bytes {2}section \.text, code\n/);
    expect(text).toMatch(/0x40600000 +5000 bytes {2}module ui\/kernel\n/);
    expect(text).toContain("[0x60000000, 0x62000000)  domain control\n");
    expect(text).toContain("[0x40000000, 0xc0000000)  RAM\n");
  });

  it.each([
    ["a plan of another version", altered(plan + 8, 2n), "its plan is of no known form"],
    ["a plan elsewhere", altered(sectionAt(".text") + 40, 0n), "the stub looks for its plan elsewhere"],
    ["another size", altered(sectionAt(".text") + 32, 1n), "the stub counts other bytes than the image has"],
    ["a file that begins elsewhere", altered(entry(2), 0n), "ui/kernel is not the whole of its section"],
    ["a file that is shorter", altered(entry(2) + 8, 4999n), "ui/kernel is not the whole of its section"],
    ["a file that is longer than its place", altered(entry(2) + 24, 1n), "ui/kernel is longer than its place"],
    ["two device trees", altered(entry(2) + 32, 2n), "it has not one hypervisor and one device tree"],
    ["a file that goes nowhere", altered(entry(2) + 32, 4n), "it has other sections than files in its plan"],
    [
      "a module elsewhere",
      altered(entry(2) + 16, 0x4f60_0000n),
      /^its device tree speaks of modules at 0x40600000\+0x1388 .*inside are .*0x4f600000/,
    ],
    ["a broken tree", altered(sectionAt(".dtb"), 0n), /^its device tree: /],
  ])("with %s is broken", (_, bytes, reason) => {
    const read = readEfi(bytes);
    expect(read.kind === "broken" && read.reason).toMatch(reason);
  });

  it("with a tree that speaks of another module is broken", () => {
    const path = "/chosen/domU0";
    const change = withTree((tree) => {
      const domain = tree.root.children
        .find(({ name }) => name === "chosen")
        ?.children.find(({ name }) => name === "ui");
      const module = domain?.children.find(({ name }) => name.startsWith("module"));
      const found = `/chosen/${domain?.name ?? path}/${module?.name ?? ""}`;
      if (findNode(tree, found) === undefined) throw new Error(`no ${found}`);
      return setProperty(tree, found, property("reg", cells64(0x4060_0000, 4999)));
    });
    expect(readEfi(change)).toMatchObject({ kind: "broken" });
  });

  it("is told from other programs for UEFI, and from other files", () => {
    const other = joinPieces(packPe([{ name: ".text", bytes: new Uint8Array(100), executable: true }], 4096));
    const read = readEfi(other);
    expect(read.kind).toBe("foreign");
    expect(read.kind === "foreign" && describePe(read.pe)).toContain("section .text, code");
    expect(readEfi(files["core.img"])).toEqual({ kind: "not-a-pe" });
  });

  it("that says anything else than was planned is never written", () => {
    const artifact = (bytes: Uint8Array) => ({ path: "image.efi", pieces: [bytes], executable: false });
    expect(() => {
      verifyPlannedEfi(efiPlan, artifact(image), efiTree, joiner(image.length));
    }).not.toThrow();
    const wrong = [
      [altered(sectionAt(".mod1") + 80, 0n), "the bytes of ui/kernel"],
      [altered(sectionAt(".hv") + 200, 1n), "the bytes of hypervisor"],
      [altered(entry(0) + 24, 0x10_1000n), "the memory of hypervisor"],
      [altered(entry(6) + 16, 0x6100_0000n), "the memory of control"],
      [altered(entry(2) + 40, 0n), "ui/kernel at its place"],
      [altered(plan, 0n), "can be read: its plan is of no known form"],
    ] as const;
    for (const [bytes, words] of wrong)
      expect(() => {
        verifyPlannedEfi(efiPlan, artifact(bytes), efiTree, joiner(bytes.length));
      }).toThrow(words);
  });

  test.prop([fc.nat({ max: image.length - 1 }), fc.nat({ max: 255 })])("never makes its reader throw", (at, byte) => {
    const bytes = image.slice();
    bytes[at] = byte;
    expect(readEfi(bytes).kind).toMatch(/^(efi|foreign|broken|not-a-pe)$/);
  });

  test.prop([fc.nat({ max: 1000 }), fc.nat({ max: 255 })])("never makes its plan's reader throw", (at, byte) => {
    const bytes = image.slice();
    bytes[plan + at] = byte;
    expect(readEfi(bytes).kind).toMatch(/^(efi|broken)$/);
  });
});
