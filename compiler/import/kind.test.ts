import { describe, expect, it } from "vitest";
import { kindOf } from "./kind.ts";

const kind = (text: string) => kindOf(new TextEncoder().encode(text)).kind;

describe("what a file is", () => {
  it.each<[string, string]>([
    ['name = "web"\nkernel = "Image"\n', "xl"],
    ["vcpus=2", "xl"],
    ["  # a guest\n\n  memory  =  64", "xl"],
    ['nmae = "web"', "xl"],
    ['disk = [\n"DOMU_KERNEL[0]=x",\n]', "xl"],
    ["extra = 'a;NUM_DOMUS=2'", "xl"],
    ["# NUM_DOMUS=2\nname='x'", "xl"],
    ["name = 'x'\nDEBUG = 1", "xl"],
    ['NUM_DOMUS=2\nDOMU_KERNEL[0]="Image"', "imagebuilder"],
    ["DOMU_VCPUS[0]=2", "imagebuilder"],
    ["# name = 'x'\nNUM_DOMUS=1", "imagebuilder"],
    ['name="linux"\nkernel=Image\nDOMU_KERNEL[0]="$kernel"', "imagebuilder"],
    ['DOMU_CMD[0]="a\nname = b"', "imagebuilder"],
    ["declare -A DOMU_VCPU_HARD_AFFINITY", "imagebuilder"],
    ["NUMDOMUS=2", "imagebuilder"],
    ["A+=1", "imagebuilder"],
    ["Dear reader,\n", "unknown"],
    ["", "unknown"],
    ["import { x } from 'y';\nexport default x;\n", "unknown"],
    ["{\n", "unknown"],
    ['// board\n/dts-v1/;\n/ {\n\tmodel = "x";\n};\n', "unknown"],
    ["a\0=1", "unknown"],
  ])("is known by its content: %j is %s", (text, expected) => {
    expect(kind(text)).toBe(expected);
  });

  it("is a device tree by its first four bytes, whatever follows", () => {
    expect(kindOf(new Uint8Array([0xd0, 0x0d, 0xfe, 0xed, 0x6e]))).toEqual({ kind: "dom0less" });
    expect(kindOf(new Uint8Array([0xd0, 0x0d, 0xfe]))).toEqual({
      kind: "unknown",
      reason: "it is neither text nor a device tree blob",
    });
  });

  it("is nothing that anybody wrote beyond 16 MiB", () => {
    expect(kindOf(new Uint8Array(2 ** 24 + 1).fill(0x23)).kind).toBe("unknown");
  });
});
