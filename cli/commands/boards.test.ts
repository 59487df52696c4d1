import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deviceTree, encode, parse } from "dtc-js";
import { afterAll, describe, expect, it } from "vitest";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-boards-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const { value: tree } = parse(`/dts-v1/;
/ { #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>;
  aliases { serial0 = "/uart@40000000"; led = "/gpio@41000000"; };
  chosen { stdout-path = "serial0"; };
  memory@0 { device_type = "memory"; reg = <0 0x1000000>; };
  reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges; fw@1000 { reg = <0x1000 0x1000>; }; };
  gic: intc@30000000 { compatible = "arm,gic-v3"; reg = <0x30000000 0x1000>; interrupt-controller; #interrupt-cells = <3>;
    #address-cells = <1>; #size-cells = <1>; ranges; its@30100000 { reg = <0x30100000 0x1000>; }; };
  uart@40000000 { reg = <0x40000000 0x1000>; interrupts = <0 1 4>; };
  gpio@41000000 { reg = <0x41000000 0x1000>; interrupts = <0 2 4>, <1 3 4>; };
  mac@42000000 { reg = <0x42000000 0x1000>; status = "disabled"; };
  twin@43000000 { reg = <0x43000000 0x1000>; };
  twin@44000000 { reg = <0x44000000 0x1000>; };
  a { #address-cells = <1>; #size-cells = <1>; ranges; rtc@45000000 { reg = <0x45000000 0x1000>; }; };
  b { #address-cells = <1>; #size-cells = <1>; ranges; rtc@45000000 { reg = <0x45000000 0x1000>; }; };
  i2c { #address-cells = <1>; #size-cells = <0>; chip@50 { reg = <0x50>; }; };
};`);

describe("boards", () => {
  it("lists the profiles", async () => {
    const { exitCode, stdout } = await xenimg(folder, "boards");
    expect(exitCode).toBe(0);
    expect(stdout).toContain('import { qemuVirt } from "xenimg/boards"');
  });

  it("lists the devices of a device tree that a domain may have, by their shortest names", async () => {
    if (!tree) throw new Error("no tree");
    writeFileSync(join(folder, "own.dtb"), encode(tree));
    const { exitCode, stdout, stderr } = await xenimg(folder, "boards", "own.dtb");
    expect(exitCode).toBe(0);
    expect(stderr).toBe('6 devices; passthrough: ["led"] gives a domain the first\n');
    expect(stdout.split("\n")).toEqual([
      "led  /gpio@41000000  SPI 2, PPI 3  no DMA",
      "mac  /mac@42000000  no interrupt  DMA: for a direct-mapped domain  disabled",
      "twin@43000000  /twin@43000000  no interrupt  DMA: for a direct-mapped domain",
      "twin@44000000  /twin@44000000  no interrupt  DMA: for a direct-mapped domain",
      "/a/rtc@45000000  no interrupt  no DMA",
      "/b/rtc@45000000  no interrupt  no DMA",
      "",
    ]);
  });

  it("names none where the tree has none that a domain may have", async () => {
    writeFileSync(join(folder, "bare.dtb"), encode(deviceTree()));
    const { exitCode, stdout, stderr } = await xenimg(folder, "boards", "bare.dtb");
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: "",
      stderr: "no devices that a domain may have\n",
    });
  });

  it("lists those of an emulated machine by the name of its profile", async () => {
    const { stdout } = await xenimg(folder, "boards", "qemu-virt");
    expect(stdout).toContain("pl031  /pl031@9010000  SPI 2  no DMA\n");
    expect(stdout).not.toContain("pl011");
    expect((await xenimg(folder, "boards", "xlnx-versal-virt")).stdout.split("\n").length).toBeGreaterThan(20);
  });

  it("asks for the vendor's tree where it has none", async () => {
    const { exitCode, stdout } = await xenimg(folder, "boards", "imx8mp-evk");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("xenimg boards FILE.dtb");
  });

  it("suggests the profile that a name is almost", async () => {
    const { exitCode, stderr } = await xenimg(folder, "boards", "qemu-vrt");
    expect(exitCode).toBe(1);
    expect(stderr).toContain('help: did you mean "qemu-virt"?');
  });

  it("refuses what is no device tree", async () => {
    writeFileSync(join(folder, "text"), "text");
    for (const [name, code] of [
      ["text", "XI3101"],
      ["missing.dtb", "XI2001"],
      [".", "XI2002"],
    ] as const) {
      const { exitCode, stdout, stderr } = await xenimg(folder, "boards", name);
      expect([name, exitCode, stdout]).toEqual([name, 1, ""]);
      expect(stderr).toContain(code);
      if (code === "XI2001") expect(stderr).toContain("help: the path is relative to the folder that you are in");
    }
  });
});
