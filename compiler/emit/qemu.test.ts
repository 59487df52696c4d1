import { describe, expect, it } from "vitest";
import { physAddr } from "../base/units.ts";
import { imageArguments } from "./qemu.ts";

const kernelAddress = 0x4020_0000;

describe("an image", () => {
  it("is QEMU's kernel where QEMU itself would put it", () => {
    const image = { at: physAddr(kernelAddress), kernelAddress };
    expect(imageArguments("/a/image.bin", image)).toEqual(["-kernel", "/a/image.bin"]);
  });

  it("is loaded by address elsewhere, and the first CPU starts there", () => {
    expect(imageArguments("/a,b/image.bin", { at: physAddr(0x8000_0000), kernelAddress })).toEqual([
      "-device",
      "loader,file=/a,,b/image.bin,addr=0x80000000,force-raw=on",
      "-device",
      "loader,addr=0x80000000,cpu-num=0",
    ]);
  });
});
