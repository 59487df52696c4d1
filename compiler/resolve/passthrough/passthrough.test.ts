import type { DeviceTree } from "dtc-js";
import { decode, findNode, parse, print } from "dtc-js";
import { describe, expect, it } from "vitest";
import type { Outcome } from "../../diagnostics/diagnostic.ts";
import type { AssignedDevices } from "../../ir/devices.ts";
import { tableHost } from "../../testing/system.ts";
import { fileReader } from "../files.ts";
import { resolvePassthrough } from "./passthrough.ts";

/** A bus that moves its addresses, a device with children on it, a clock that stays behind, and one that does not. */
const board = tree(`/dts-v1/;
/ {
  #address-cells = <1>; #size-cells = <1>; interrupt-parent = <&gic>;
  chosen { x { }; };
  aliases { net = "/bus@10000000/ethernet@1000"; };
  __symbols__ { clk = "/clk"; mac = "/bus@10000000/ethernet@1000"; };
  gic: gic@8000000 { compatible = "arm,gic-400"; reg = <0x8000000 0x1000>; interrupt-controller; #interrupt-cells = <3>; };
  gpio: gpio@20000000 { reg = <0x20000000 0x100>; interrupt-controller; #interrupt-cells = <2>; };
  fixed: clk { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <1000>; };
  pll: pll@30000000 { reg = <0x30000000 0x100>; #clock-cells = <1>; };
  pl061@31000000 { reg = <0x31000000 0x1000>; compatible = "arm,pl061", "arm,primecell"; };
  i2c@32000000 { reg = <0x32000000 0x1000>; #address-cells = <1>; #size-cells = <0>;
    eeprom@50 { reg = <0x50>; dma-coherent; }; };
  sdhci@33000000 { reg = <0x33000000 0x1000>; };
  usb@34000000 { reg = <0x34000000 0x100>; #address-cells = <1>; #size-cells = <1>; ranges;
    interrupts-extended = <&gpio 1 2>; interrupt-names = "wake";
    dwc3@35000800 { reg = <0x35000800 0x1000>; interrupt-parent = <&gic>; interrupts = <0 60 4>;
      interrupt-names = "host"; };
    hub@36000000 { reg = <0x36000000 0x1000>; interrupt-parent = <&gpio>; interrupts = <1 2>; }; };
  pcie@37000000 { reg = <0x37000000 0x1000>; #address-cells = <3>; #size-cells = <2>;
    ranges = <0x43000000 0x80 0x0 0x38000000 0x1 0x0>;
    dev@0 { reg = <0x2000000 0x80 0x0 0x1 0x0>; }; };
  island { #address-cells = <1>; #size-cells = <1>;
    span@0 { reg = <0 0x100>; #address-cells = <1>; #size-cells = <1>; ranges = <0 0 0x100>; }; };
  gic4: intc@3a000000 { compatible = "arm,gic-v3"; reg = <0x3a000000 0x1000>; interrupt-controller; #interrupt-cells = <4>; };
  adc@3b000000 { reg = <0x3b000000 0x1000>; interrupt-parent = <&gic4>; interrupts = <0 70 4 0 0 71 4 0>; };
  pair@3c000000 { reg = <0x3c000000 0x2000>; };
  pair@3c001800 { reg = <0x3c001800 0x1000>; };
  bus@10000000 {
    compatible = "simple-bus"; #address-cells = <1>; #size-cells = <1>; ranges = <0 0x10000000 0x100000>;
    ethernet@1000 {
      compatible = "acme,mac"; reg = <0x1000 0x80 0x1f80 0x100>; interrupts = <0 40 4 0 41 1>; status = "disabled";
      clocks = <&fixed>; resets = <&pll 3>; phy-handle = <&phy>;
      #address-cells = <1>; #size-cells = <0>;
      phy: phy@3 { reg = <3>; reset-gpios = <&gpio 1 0>; };
    };
    timer@3000 { reg = <0x3000 0x1000>; clocks = <&fixed &pll 1>; clock-names = "a", "b";
      interrupts-extended = <&gpio 1 2 &gic 0 50 4>; };
    bridge@4000 { reg = <0x4000 0x1000>; #address-cells = <1>; #size-cells = <1>; ranges = <0 0x8000 0x1000>; };
    inner@7000 { reg = <0x7000 0x10>; #address-cells = <1>; #size-cells = <1>; ranges; };
    twin@5000 { reg = <0x5000 0x10>; };
    twin@6000 { reg = <0x6000 0x10>; };
  };
};`);

function tree(text: string): DeviceTree {
  const { value, diagnostics } = parse(text);
  if (!value) throw new Error(diagnostics[0].message);
  return value;
}

const resolve = (
  passthrough: string | readonly string[],
  files: Readonly<Record<string, string>> = {},
): Promise<Outcome<AssignedDevices>> => {
  const table = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]));
  return resolvePassthrough({ name: "ui", passthrough }, board, fileReader(tableHost(table)));
};

async function assigned(...names: readonly string[]): Promise<AssignedDevices> {
  const { value, diagnostics } = await resolve(names);
  if (!value) throw new Error(diagnostics[0]?.message);
  return value;
}

describe("devices by name", () => {
  it("make a partial tree with the machine's addresses, on one bus", async () => {
    const { tree, file } = await assigned("net");
    expect(print(tree)).toMatchInlineSnapshot(`
      "/dts-v1/;

      / {
      	#address-cells = <0x02>;
      	#size-cells = <0x02>;

      	gic {
      		#interrupt-cells = <0x03>;
      		interrupt-controller;
      		phandle = <0x07>;
      	};

      	passthrough {
      		compatible = "simple-bus";
      		ranges;
      		#address-cells = <0x02>;
      		#size-cells = <0x02>;

      		fixed: clk {
      			compatible = "fixed-clock";
      			#clock-cells = <0x00>;
      			clock-frequency = <0x3e8>;
      			phandle = <0x04>;
      		};

      		ethernet@10001000 {
      			compatible = "acme,mac";
      			clocks = <0x04>;
      			phy-handle = <0x06>;
      			#address-cells = <0x01>;
      			#size-cells = <0x00>;
      			reg = <0x00 0x10001000 0x00 0x80 0x00 0x10001f80 0x00 0x100>;
      			interrupt-parent = <0x07>;
      			interrupts = <0x00 0x28 0x04 0x00 0x29 0x01>;
      			xen,path = "/bus@10000000/ethernet@1000";
      			xen,reg = <0x00 0x10001000 0x00 0x2000 0x00 0x10001000>;
      			xen,force-assign-without-iommu;

      			phy@3 {
      				reg = <0x03>;
      				phandle = <0x06>;
      			};
      		};
      	};
      };
      "
    `);
    expect(decode(file.bytes)).toMatchObject({ ok: true });
  });

  it("are found by path, alias, label, and a node's name that is the only one", async () => {
    const paths = await Promise.all(
      ["/bus@10000000/ethernet@1000", "net", "mac", "ethernet", "ethernet@1000"].map(async (name) => {
        const [device] = (await assigned(name)).devices;
        return device?.path;
      }),
    );
    expect(new Set(paths)).toEqual(new Set(["/bus@10000000/ethernet@1000"]));
    expect((await resolve(["twin"])).diagnostics.map(({ code }) => code)).toEqual(["XI3301"]);
    expect((await resolve(["/twin@5000"])).diagnostics.map(({ code }) => code)).toEqual(["XI3301"]);
  });

  it.each([
    ["by its spelling", "ethernett@1000", 'did you mean "ethernet@1000"?'],
    ["by its address", "/bus@10000000/enc28@1000", 'did you mean "ethernet@1000"?'],
    ["by its name", "ethernet@7777", 'did you mean "ethernet@1000"?'],
    ["not where two have the name", "twin@7777", undefined],
  ])("are guessed %s", async (_how, name, guess) => {
    const [only] = (await resolve([name])).diagnostics;
    expect(only?.help?.startsWith("did you mean") ? only.help : undefined).toBe(guess);
  });

  it("have whole pages, and the interrupts that the GIC takes", async () => {
    const { devices } = await assigned("net", "timer");
    expect(devices.map(({ regions }) => regions)).toEqual([
      [{ machine: { start: 0x1000_1000, size: 0x2000 }, guest: { start: 0x1000_1000, size: 0x2000 } }],
      [{ machine: { start: 0x1000_3000, size: 0x1000 }, guest: { start: 0x1000_3000, size: 0x1000 } }],
    ]);
    expect(devices.map(({ interrupts }) => interrupts.map(({ number }) => number))).toEqual([[40, 41], [50]]);
    expect(devices.map(({ dma }) => dma)).toEqual([true, false]);
  });

  it("may read and write memory, unless they are known to leave it alone", async () => {
    const { devices } = await assigned("timer", "bridge", "/pl061@31000000", "i2c", "sdhci");
    expect(devices.map(({ dma }) => dma)).toEqual([false, true, false, true, true]);
  });

  it("are without what leads to devices that stay behind, with a warning", async () => {
    const { value, diagnostics } = await resolve(["timer"]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["XI3304", "XI3310"]);
    const node = value && findNode(value.tree, "/passthrough/timer@10003000");
    expect(node?.properties.map(({ name }) => name)).not.toContain("clocks");
    expect(node?.properties.map(({ name }) => name)).not.toContain("clock-names");
  });

  it("keep the windows of a bus, moved to where the CPUs see them", async () => {
    const { tree } = await assigned("bridge");
    expect(print(tree)).toContain("ranges = <0x00>, <0x00 0x10008000>, <0x1000>;");
  });

  it("keep a PCI bus's own addresses as they are", async () => {
    const { tree } = await assigned("pcie");
    expect(print(tree)).toContain("ranges = <0x43000000 0x80 0x00>, <0x00 0x38000000>, <0x01 0x00>;");
  });

  it("have the windows of the buses above where they add none", async () => {
    const { tree } = await assigned("inner");
    expect(print(tree)).toContain("ranges = <0x00>, <0x00 0x10000000>, <0x100000>;");
  });

  it("lose windows that the CPUs do not reach, with a warning: without any, addresses would be equal", async () => {
    const { value, diagnostics } = await resolve(["/island/span@0"]);
    expect(diagnostics).toMatchObject([
      { code: "XI3304", message: expect.stringContaining("without ranges") as unknown },
    ]);
    expect(value && print(value.tree).match(/ranges/g)).toHaveLength(1);
  });

  it("come with the registers and interrupts of what is below them", async () => {
    const { value, diagnostics } = await resolve(["usb"]);
    expect(value?.devices.map(({ path }) => path)).toEqual(["/usb@34000000", "/usb@34000000/dwc3@35000800"]);
    expect(value?.devices[0]?.regions.map(({ machine }) => machine)).toEqual([
      { start: 0x3400_0000, size: 0x1000 },
      { start: 0x3500_0000, size: 0x2000 },
      { start: 0x3600_0000, size: 0x1000 },
    ]);
    expect(value?.devices[1]?.interrupts).toEqual([{ kind: "spi", number: 60 }]);
    const text = value ? print(value.tree) : "";
    expect(text).toContain("interrupts = <0x00 0x3c 0x04>;");
    expect(text.match(/interrupt-parent = .*/g)).toEqual(["interrupt-parent = <0x07>;"]);
    expect(text.match(/xen,path = /g)).toHaveLength(2);
    expect(text.match(/xen,reg = /g)).toHaveLength(2);
    expect(text.match(/interrupt-names = .*/g)).toEqual(['interrupt-names = "host";']);
    expect(diagnostics).toMatchObject([
      { code: "XI3304", message: expect.stringContaining("interrupts-extended, interrupts:") as unknown },
    ]);
  });

  it("keep interrupts of a controller that is assigned too", async () => {
    const { value, diagnostics } = await resolve(["usb", "gpio"]);
    expect(diagnostics).toEqual([]);
    expect(value && print(value.tree).match(/interrupts-extended = .*/g)).toHaveLength(1);
  });

  it("have three cells for each interrupt, whatever the board's controller takes", async () => {
    const { tree, devices } = await assigned("adc");
    expect(print(tree)).toContain("interrupts = <0x00 0x46 0x04 0x00 0x47 0x04>;");
    expect(devices[0]?.interrupts.map(({ number }) => number)).toEqual([70, 71]);
  });

  it("share pages as one range for all of them", async () => {
    const { devices } = await assigned("pair@3c000000", "pair@3c001800");
    const range = { start: 0x3c00_0000, size: 0x3000 };
    expect(devices.map(({ regions }) => regions)).toEqual([
      [{ machine: range, guest: range }],
      [{ machine: range, guest: range }],
    ]);
  });

  it("are refused where one is part of another", async () => {
    const { diagnostics } = await resolve(["dwc3", "usb"]);
    expect(diagnostics).toContainEqual(
      expect.objectContaining({ code: "XI3303", primary: { path: ["domains", "ui", "passthrough", 0] } }),
    );
  });

  it("are refused where one is named twice", async () => {
    expect((await resolve(["net", "ethernet"])).diagnostics.map(({ code }) => code)).toContain("XI3303");
  });
});

describe("a partial tree of the user's own", () => {
  const partial = (
    device: string,
    bus = 'compatible = "simple-bus"; ranges; #address-cells = <1>; #size-cells = <1>;',
  ) => `/dts-v1/; / { passthrough { ${bus} device { ${device} }; }; };`;
  const sound =
    'xen,reg = <0x10003000 0x1000 0x50000000>; xen,path = "/bus@10000000/timer@3000"; xen,force-assign-without-iommu;';

  it("is taken as it is", async () => {
    const { value } = await resolve("own.dts", { "own.dts": partial(sound) });
    expect(value?.source?.path).toBe("own.dts");
    expect(value?.devices).toMatchObject([
      {
        path: "/bus@10000000/timer@3000",
        regions: [{ machine: { start: 0x1000_3000 }, guest: { start: 0x5000_0000 } }],
      },
    ]);
  });

  it.each([
    ["no tree at all", "/dts-v1/; / {", "XI3302"],
    ["no /passthrough", "/dts-v1/; / { };", "XI3302"],
    [
      "a bus without ranges",
      partial(sound, 'compatible = "simple-bus"; #address-cells = <1>; #size-cells = <1>;'),
      "XI3302",
    ],
    ["numbers that are no triples", partial("xen,reg = <1 2>;"), "XI3302"],
    ["half a page", partial("xen,reg = <0x10003000 0x800 0x50000000>;"), "XI3302"],
    ["nothing to assign", partial("xen,reg;"), "XI3302"],
    ["no force where no IOMMU is", partial("xen,reg = <0x10003000 0x1000 0x10003000>;"), "XI3302"],
    [
      "no force with a path either",
      partial('xen,reg = <0x10003000 0x1000 0x10003000>; xen,path = "/bus@10000000/timer@3000";'),
      "XI3302",
    ],
    ["a node that the board has not", partial('xen,path = "/nowhere"; xen,force-assign-without-iommu;'), "XI3301"],
    [
      "a bus that is assigned itself",
      partial(sound, 'compatible = "simple-bus"; ranges; #address-cells = <1>; #size-cells = <1>; xen,reg = <0 0 0>;'),
      "XI3302",
    ],
    [
      "a device outside the bus",
      `${partial(sound)} / { other { xen,reg = <0 0x10003000 0x1000 0 0x10003000>; }; };`,
      "XI3302",
    ],
    ["a node that is no device", partial('xen,path = "/chosen"; xen,force-assign-without-iommu;'), "XI3301"],
    ["a node below one that is none", partial('xen,path = "/chosen/x"; xen,force-assign-without-iommu;'), "XI3301"],
    ["too much of it", partial(`${sound} filler = "${"x".repeat(33_000)}";`), "XI3302"],
  ])("is refused with %s", async (_, text, code) => {
    const { value, diagnostics } = await resolve("own.dts", { "own.dts": text });
    expect(value).toBeUndefined();
    expect(diagnostics.map((each) => each.code)).toEqual([code]);
  });

  it("may be a blob, and is refused as one that is none", async () => {
    expect((await resolve("own.dtb", { "own.dtb": "nonsense" })).diagnostics.map(({ code }) => code)).toEqual([
      "XI3302",
    ]);
  });
});
