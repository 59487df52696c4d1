import type { Node } from "dtc-js";
import { decode, encode, findNode, getProperty, readCell } from "dtc-js";
import type { DataPlacement } from "../../codecs/fit/external.ts";
import { describe, expect, it } from "vitest";
import type { TargetPlan } from "../../ir/plan.ts";
import { lower } from "../../lower/lower.ts";
import { fileOf, packedFit, unsignedFit } from "../../testing/fit.ts";
import { dumpimage, mkimageExternal, mkimageList } from "../../testing/mkimage.ts";
import { files, placedSystem } from "../../testing/system.ts";
import { fitPieces } from "./fit.ts";
import { fitLimits } from "./limits.ts";

const plan = lower(await placedSystem());
const tree = encode(plan.systemTree);

describe("image.itb", () => {
  it.each(["sha256", "sha384", "sha512"] as const)("is what mkimage knows, with %s", (hash) => {
    const listed = mkimageList(encode(unsignedFit(hash)));
    const values = (name: string): string[] =>
      [...listed.matchAll(new RegExp(`^ +${name}: +(.*)$`, "gm"))].map(([, value = ""]) => value);
    expect(values("Hash algo")).toEqual([hash, hash, hash, hash, hash]);
    expect(values("Type")).toEqual(["Kernel Image", "Flat Device Tree", "Firmware", "Firmware", "Firmware"]);
    expect(values("Load Address")).toEqual(plan.files.map(({ at }) => `0x${at.toString(16)}`));
    expect(listed).toContain("Default Configuration: 'conf-1'");
  });

  it("gives back each file by dumpimage", () => {
    const fit = encode(unsignedFit());
    const given = plan.files.map((_, index) => Buffer.from(dumpimage(fit, index)));
    const packed = [files["core.img"], tree, files.Image, files["rootfs.cpio"], files.Image2];
    expect(given.map((bytes, index) => bytes.equals(packed[index] ?? new Uint8Array()))).toEqual(
      packed.map(() => true),
    );
  });

  it("has all modules in its one configuration", () => {
    const names = findNode(unsignedFit(), "/images")?.children.map(({ name }) => name);
    expect(names).toEqual(["hypervisor", "device-tree", "ui-kernel", "ui-ramdisk", "control-kernel"]);
  });
});

describe("image.itb with external data", () => {
  const placements = [
    [[], { align: 4 }],
    [["-B", "1000"], { align: 0x1000 }],
    [["-p", "2000"], { align: 4, position: 0x2000 }],
    [["-B", "1000", "-p", "3000"], { align: 0x1000, position: 0x3000 }],
  ] as const;
  const external = (placement: DataPlacement): Uint8Array => {
    const { tree: made, files: own } = packedFit("sha256", placement);
    return fileOf(made, own, placement);
  };
  /** From the first file on, and where each lies. */
  function behind(fit: Uint8Array): { readonly data: Buffer; readonly places: readonly (readonly number[])[] } {
    const decoded = decode(fit);
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const images = findNode(decoded.value, "/images")?.children ?? [];
    const cell = (node: Node, name: string): number => {
      const property = getProperty(node, name);
      return property ? (readCell(property.value) ?? -1) : -1;
    };
    const places = images.map((node) => ["data-size", "data-offset", "data-position"].map((name) => cell(node, name)));
    const [, , position = -1] = places[0] ?? [];
    const start = position >= 0 ? position : Buffer.from(fit).readUInt32BE(4);
    return { data: Buffer.from(fit.subarray(start)), places };
  }

  it.each(placements)("has its files where mkimage -E %s puts them", (options, placement) => {
    const theirs = behind(mkimageExternal(encode(unsignedFit()), options));
    const ours = behind(external(placement));
    expect(ours.places).toEqual(theirs.places);
    expect(ours.data.equals(theirs.data)).toBe(true);
  });

  it.each(placements)("gives back each file by dumpimage, as with %s", (_, placement) => {
    const fit = external(placement);
    expect(mkimageList(fit)).toContain("Default Configuration: 'conf-1'");
    const packed = [files["core.img"], tree, files.Image, files["rootfs.cpio"], files.Image2];
    expect(packed.map((bytes, index) => Buffer.from(dumpimage(fit, index)).equals(bytes))).toEqual(
      packed.map(() => true),
    );
  });

  it("does not begin at a position within its tree", () => {
    const placement = { align: 4, position: 64 };
    const { tree: made, files: own } = packedFit("sha256", placement);
    expect(fitPieces(made, own, placement)).toBeUndefined();
  });
});

describe("the limits of a FIT", () => {
  const [file] = plan.files;
  if (file === undefined) throw new Error("a plan without files");
  const planOf = (count: number, size: number): TargetPlan => {
    // Only the length is asked for: no memory is needed to be too long.
    const bytes = Object.defineProperty(new Uint8Array(), "length", { value: size });
    return { ...plan, files: Array.from({ length: count }, () => ({ ...file, content: { kind: "bytes", bytes } })) };
  };
  const codes = (found: TargetPlan): string[] => fitLimits(found, tree).map(({ code }) => code);

  it("XI6001: are 49 images", () => {
    expect(codes(planOf(49, 1))).toEqual([]);
    expect(codes(planOf(50, 1))).toEqual(["XI6001"]);
  });

  it("XI6002: are 256 MiB of files", () => {
    expect(codes(planOf(2, 2 ** 27 - 1024))).toEqual([]);
    expect(codes(planOf(2, 2 ** 27 - 1023))).toEqual(["XI6002"]);
    expect(fitLimits(planOf(2, 2 ** 27 - 1023), tree, true)).toEqual([]);
  });
});
