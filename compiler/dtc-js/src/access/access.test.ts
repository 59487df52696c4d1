import { describe, expect, it } from "vitest";
import { property } from "../build.ts";
import { decode } from "../blob/decode.ts";
import { encode } from "../blob/encode.ts";
import { setProperty } from "../edit.ts";
import { findByPath, type Located } from "../find.ts";
import { parse } from "../parse/parse.ts";
import { readSource } from "../parse/parse.ts";
import type { DeviceTree } from "../tree.ts";
import { cells, raw } from "../value.ts";
import type { Access } from "./answer.ts";
import { interruptParent, readInterrupts } from "./interrupts.ts";
import { followNexus } from "./nexus.ts";
import { readPhandles, type Specifier } from "./phandles.ts";
import { readRanges } from "./ranges.ts";
import { readReg } from "./reg.ts";
import { routeInterrupt } from "./route.ts";
import { translate, translateReg } from "./translate.ts";

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("there is none");
  return value;
}
const treeOf = (body: string): DeviceTree => must(parse(`/dts-v1/; / { ${body} };`).value);
const at = (tree: DeviceTree, path: string): Located => must(findByPath(tree, path));
const valueOf = <T>(answer: Access<T>): T => {
  if (!answer.ok) throw new Error(answer.diagnostics[0].message);
  return answer.value;
};
const errorOf = (answer: Access<unknown>): string => {
  if (answer.ok) return "none";
  const { code, path, property: name, offset } = answer.diagnostics[0];
  return `${code} ${path}:${name}:${offset}`;
};
const shown = ({ target, cells: list }: Specifier): string => `${target.path} ${list.join(" ")}`;

const board = treeOf(`
  #address-cells = <2>; #size-cells = <1>; interrupt-parent = <&gic>;
  gic: gic@100000000 { interrupt-controller; #interrupt-cells = <3>; #address-cells = <1>; reg = <1 0 0x1000>, <1 0x2000 0x100>; };
  soc {
    #address-cells = <1>; #size-cells = <1>;
    ranges = <0x7e000000 0x1 0xfe000000 0x01000000>, <0 0 0 0x1000>;
    dma-ranges = <0xc0000000 0 0 0x40000000>;
    uart: serial@7e201000 { reg = <0x7e201000 0x200>; interrupts = <0 121 4>, <0 122 4>; };
    edge { reg = <0x7effff00 0x100>; };
    over { reg = <0x7effff00 0x101>; };
    out { reg = <0x6000 4>; };
    inner { #address-cells = <1>; #size-cells = <1>; ranges; dev { reg = <0x20 4>; interrupts-extended = <&gic 1 2 3>, <0>, <&pins 7>; interrupts = <9>; }; };
    i2c { #address-cells = <1>; #size-cells = <0>; dev { reg = <0x50>; }; };
    pins: pins { interrupts = <0 50 4>; interrupt-controller; #interrupt-cells = <1>; gpio-controller; #gpio-cells = <2>; hog { gpio-hog; gpios = <1 0 2 1>; }; };
  };
  pcie@10 {
    reg = <0 0x10 0x10>;
    device_type = "pci"; #address-cells = <3>; #size-cells = <2>; #interrupt-cells = <1>;
    ranges = <0x43000000 0x8 0x0 0x9 0x0 0x1 0x0>, <0x02000000 0x0 0x10000000 0x0 0x10000000 0x0 0x1000000>;
    interrupt-map-mask = <0 0 0 7>;
    interrupt-map = <0 0 0 1 &gic 0xbad 0 33 4>, <0 0 0 2 &mid 34>;
    dev@0 { reg = <0x0800 0 0 0 0>; interrupts = <1>; };
    two@0 { reg = <0x1000 0 0 0 0>; interrupts = <2>; };
    bar { reg = <0x82000810 0 0x10000040 0 0x10>, <0xc3000000 0x8 0x40 0x0 0x10>; };
    three { reg = <0x1800 0 0 0 0>; interrupts = <3>; };
  };
  mid: mid { #address-cells = <0>; #interrupt-cells = <1>; interrupt-map = <34 &gic 0xbad 1 2 3>; };
`);

describe("reg and ranges", () => {
  it("reads reg with the parent's cells, 64-bit safe", () => {
    expect(valueOf(readReg(at(board, "/gic")))).toEqual([
      { address: 0x1_0000_0000n, size: 0x1000n, offset: 0 },
      { address: 0x1_0000_2000n, size: 0x100n, offset: 12 },
    ]);
    expect(valueOf(readReg(at(board, "/soc/i2c/dev")))).toEqual([{ address: 0x50n, size: 0n, offset: 0 }]);
    expect(valueOf(readReg(at(board, "/soc")))).toEqual([]);
  });

  it("translates through each bus, to the last byte of a window and no further", () => {
    const first = (path: string) => translateReg(at(board, path));
    expect(valueOf(first("/soc/serial"))[0]?.address).toBe(0x1_fe20_1000n);
    expect(valueOf(first("/soc/inner/dev"))[0]?.address).toBe(0x20n);
    expect(valueOf(first("/soc/edge"))[0]?.address).toBe(0x1_feff_ff00n);
    expect(errorOf(first("/soc/over"))).toBe("unmapped /soc:ranges:0");
    expect(errorOf(first("/soc/out"))).toBe("unmapped /soc:ranges:0");
    expect(errorOf(first("/soc/i2c/dev"))).toBe("unmapped /soc/i2c:ranges:0");
    expect(valueOf(first("/gic"))[0]?.address).toBe(0x1_0000_0000n);
  });

  it("translates for devices that reach into memory", () => {
    const stretch = { address: 0xc000_1000n, size: 0x1000n };
    expect(valueOf(translate(at(board, "/soc/serial"), stretch, "dma-ranges"))).toBe(0x1000n);
    expect(errorOf(translate(at(board, "/soc/serial"), { ...stretch, address: 0n }, "dma-ranges"))).toBe(
      "unmapped /soc:dma-ranges:0",
    );
  });

  it("compares spaces and addresses of PCI, not whose they are", () => {
    expect(valueOf(translateReg(at(board, "/pcie/bar"))).map(({ address }) => address)).toEqual([
      0x1000_0040n,
      0x9_0000_0040n,
    ]);
    expect(errorOf(translateReg(at(board, "/pcie/dev")))).toBe("unmapped /pcie@10:ranges:0");
  });

  it("says where a value is malformed", () => {
    const wrong = treeOf(`#address-cells = <2>; #size-cells = <1>; a { reg = <1 2 3 4>; };
      b { #address-cells = [01]; c { reg = <1 2>; }; }; d { #address-cells = <0xffffffff>; e { reg = <1>; }; };
      f { #address-cells = <0>; #size-cells = <0>; g { reg = <1>; }; };
      bus { #address-cells = <1>; #size-cells = <1>; ranges = <0 0xffffffff 0xfffffff0 0x100>; x { reg = <0x20 1>; }; };
      cut { ranges = <1 2 3>; x { reg = <1 2 3>; }; };`);
    expect(errorOf(readReg(at(wrong, "/a")))).toBe("length /a:reg:12");
    expect(errorOf(readReg(at(wrong, "/b/c")))).toBe("cells /b:#address-cells:0");
    expect(errorOf(readReg(at(wrong, "/d/e")))).toBe("cells /d:#address-cells:0");
    expect(errorOf(readReg(at(wrong, "/f/g")))).toBe("length /f/g:reg:0");
    expect(errorOf(translateReg(at(wrong, "/bus/x")))).toBe("overflow /bus:ranges:0");
    expect(errorOf(readRanges(at(wrong, "/cut")))).toBe("length /cut:ranges:0");
    expect(errorOf(readReg(at(setProperty(wrong, "/", property("reg", cells(1))), "/")))).toBe("cells /:reg:0");
  });
});

describe("lists of phandles", () => {
  const tree = treeOf(`
    clk: clk { #clock-cells = <1>; }; osc: osc { #clock-cells = <0>; }; gpio: gpio { #gpio-cells = <2>; };
    msi: msi { }; none: none { };
    dev { clocks = <&clk 7>, <&osc>, <0>, <&clk 8>; reset-gpios = <&gpio 3 1>; nr-gpios = <5>; msi-parent = <&msi>;
      vdd-supply = <&none>; custom = <&clk 1 2>; resets = <&none>; interconnects = <0x7f>; pinctrl-0 = <&osc &clk>; };
    cut { clocks = <&clk>; }; odd { clocks = [01 02]; };`);
  const list = (name: string, how?: string | number, from = "/dev") =>
    valueOf(readPhandles(at(tree, from), name, how)).map(({ target, cells: args }) =>
      [target?.path, ...args].join(" "),
    );

  it("takes as many cells as each provider says", () => {
    expect(list("clocks")).toEqual(["/clk 7", "/osc", "", "/clk 8"]);
    expect(list("reset-gpios")).toEqual(["/gpio 3 1"]);
    expect(list("msi-parent")).toEqual(["/msi"]);
    expect(list("vdd-supply")).toEqual(["/none"]);
    expect(list("pinctrl-0")).toEqual(["/osc", "/clk"]);
    expect(list("custom", 2)).toEqual(["/clk 1 2"]);
    expect(list("clocks", "#clock-cells")).toEqual(list("clocks"));
    expect(list("absent-gpios")).toEqual([]);
  });

  it("reads the lines of a hog, which has no phandles", () => {
    expect(
      valueOf(readPhandles(at(board, "/soc/pins/hog"), "gpios")).map(({ target, cells: args }) => [
        target?.path,
        ...args,
      ]),
    ).toEqual([
      ["/soc/pins", 1, 0],
      ["/soc/pins", 2, 1],
    ]);
  });

  it("says what is wrong, and where", () => {
    const wrong = (name: string, from = "/dev") => errorOf(readPhandles(at(tree, from), name));
    expect(wrong("custom")).toBe("cells /dev:custom:0");
    expect(wrong("nr-gpios")).toBe("cells /dev:nr-gpios:0");
    expect(wrong("resets")).toBe("cells /none:#reset-cells:0");
    expect(wrong("interconnects")).toBe("phandle /dev:interconnects:0");
    expect(wrong("clocks", "/cut")).toBe("length /cut:clocks:0");
    expect(wrong("clocks", "/odd")).toBe("length /odd:clocks:0");
    const unresolved = must(readSource("/dts-v1/; / { x: x { clocks = <&x>; }; };").value);
    expect(errorOf(readPhandles(at(unresolved, "/x"), "clocks"))).toBe("unresolved /x:clocks:0");
  });

  it("follows nexus nodes, and passes bits through", () => {
    const nexus = treeOf(`g1: g1 { #gpio-cells = <2>; }; g2: g2 { #gpio-cells = <1>; };
      c: c { #gpio-cells = <2>; gpio-map = <0 0 &g1 7 0x10>, <1 0 &g2 9>, <2 0 &d 0 0>; gpio-map-mask = <0xf 0>; gpio-map-pass-thru = <0 0x3>; };
      d: d { #gpio-cells = <2>; gpio-map = <0 0 &c 2 0>; gpio-map-mask = <0 0>; };
      u { gpios = <&c 0x10 0xff>, <&c 1 3>, <&c 3 0>, <&c 2 0>, <&g1 1 2>; };`);
    const answers = valueOf(readPhandles(at(nexus, "/u"), "gpios")).map((each) =>
      followNexus(each as Specifier, "gpio"),
    );
    const [first, second, third, fourth, fifth] = answers.map((each) => (each.ok ? shown(each.value) : errorOf(each)));
    expect(first).toBe(`/g1 7 ${0x10 | 3}`);
    expect(second).toBe("/g2 9");
    expect(third).toBe("unmapped /c:gpio-map:0");
    expect(fourth).toBe("loop /c:gpio-map:0");
    expect(fifth).toBe("/g1 1 2");
  });
});

describe("interrupts", () => {
  const read = (path: string) => valueOf(readInterrupts(at(board, path)));
  const routed = (path: string) =>
    read(path).map((each) => {
      const answer = routeInterrupt(at(board, path), each);
      return answer.ok ? shown(answer.value) : errorOf(answer);
    });

  it("go to the inherited interrupt parent", () => {
    expect(read("/soc/serial").map(shown)).toEqual(["/gic@100000000 0 121 4", "/gic@100000000 0 122 4"]);
    expect(valueOf(interruptParent(at(board, "/pcie/dev"))).path).toBe("/pcie@10");
  });

  it("of who takes interrupts itself go to its parent, not to itself", () => {
    expect(read("/soc/pins").map(shown)).toEqual(["/gic@100000000 0 50 4"]);
  });

  it("of interrupts-extended count before others", () => {
    expect(read("/soc/inner/dev").map(shown)).toEqual(["/gic@100000000 1 2 3", "/soc/pins 7"]);
    expect(read("/soc/inner/dev").map(({ offset }) => offset)).toEqual([0, 20]);
  });

  it("are followed through maps and their masks", () => {
    expect(routed("/pcie/dev")).toEqual(["/gic@100000000 0 33 4"]);
    expect(routed("/pcie/two")).toEqual(["/gic@100000000 1 2 3"]);
    expect(routed("/pcie/three")).toEqual(["unmapped /pcie@10:interrupt-map:0"]);
    expect(routed("/soc/serial")).toEqual(["/gic@100000000 0 121 4", "/gic@100000000 0 122 4"]);
  });

  it("that lead in circles, or nowhere, are said to", () => {
    const wrong = treeOf(`
      a: a { #address-cells = <0>; #interrupt-cells = <1>; interrupt-map = <1 &b 1>; };
      b: b { #address-cells = <0>; #interrupt-cells = <1>; interrupt-map = <1 &a 1>; interrupt-parent = <&b>; };
      x { interrupt-parent = <&a>; interrupts = <1>; };
      y { interrupts = <1>; };
      z: z { #interrupt-cells = <1>; interrupt-parent = <&z>; interrupts = <1>; };
      w { interrupt-parent = <0>; interrupts = <1>; };
      v { interrupt-parent = <&u>; interrupts = <1 2>; }; u: u { interrupt-controller; };
      t { interrupt-parent = <&s>; interrupts = <1>; }; s: s { interrupt-controller; #interrupt-cells = <2>; };
      r { interrupt-parent = <&q>; interrupts = <1>; }; q: q { #address-cells = <0>; #interrupt-cells = <1>; interrupt-map = <1 &s 1>; };`);
    const route = (path: string) => {
      const list = readInterrupts(at(wrong, path));
      if (!list.ok) return errorOf(list);
      return errorOf(routeInterrupt(at(wrong, path), must(list.value[0])));
    };
    expect(route("/x")).toBe("loop /x:interrupt-map:0");
    expect(route("/y")).toBe("unmapped /y:interrupt-parent:0");
    expect(route("/z")).toBe("unmapped /z:interrupt-controller:0");
    expect(route("/w")).toBe("phandle /w:interrupt-parent:0");
    expect(route("/v")).toBe("cells /u:#interrupt-cells:0");
    expect(route("/t")).toBe("length /t:interrupts:0");
    expect(route("/r")).toBe("length /q:interrupt-map:0");
  });

  it("read the same from a blob", () => {
    const decoded = decode(encode(board));
    if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
    const from = at(decoded.value, "/pcie/two");
    const [interrupt] = valueOf(readInterrupts(from));
    expect(shown(valueOf(routeInterrupt(from, must(interrupt))))).toBe("/gic@100000000 1 2 3");
  });
});

it("a value of bytes without meaning is an error or a list, never an exception", () => {
  const names = [
    "reg",
    "ranges",
    "interrupts",
    "interrupts-extended",
    "interrupt-map",
    "interrupt-parent",
    "clocks",
    "#address-cells",
    "#interrupt-cells",
  ];
  for (const name of names) {
    for (let length = 0; length < 40; length++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (index * 37 + length) & (index % 3 === 0 ? 3 : 1));
      const tree = setProperty(board, "/soc/serial", property(name, raw(bytes)));
      const here = at(tree, "/soc/serial");
      for (const answer of [readReg(here), translateReg(here), readRanges(here), readPhandles(here, "clocks")])
        expect(answer).toHaveProperty("ok");
      const interrupts = readInterrupts(here);
      for (const each of interrupts.ok ? interrupts.value : []) expect(routeInterrupt(here, each)).toHaveProperty("ok");
    }
  }
});
