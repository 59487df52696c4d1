import { encode, findNode } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { TargetPlan } from "../../ir/plan.ts";
import { lower } from "../../lower/lower.ts";
import { unsignedFit } from "../../testing/fit.ts";
import { dumpimage, mkimageList } from "../../testing/mkimage.ts";
import { files, placedSystem } from "../../testing/system.ts";
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
  });
});
