import type { DeviceTree } from "dtc-js";
import { parse, print } from "dtc-js";
import { describe, expect, it } from "vitest";
import { tableHost } from "../../testing/system.ts";
import { fileReader } from "../files.ts";
import { resolvePassthrough } from "./passthrough.ts";

function tree(text: string): DeviceTree {
  const { value, diagnostics } = parse(text);
  if (!value) throw new Error(diagnostics[0].message);
  return value;
}

/** A device, and around it what it may name: descriptions, hardware, and a bus that needs power itself. */
const board = (device: string, more = ""): DeviceTree =>
  tree(`/dts-v1/;
/ {
  #address-cells = <1>; #size-cells = <1>;
  clk: clk { compatible = "fixed-clock"; #clock-cells = <0>; clock-frequency = <1000>; };
  half: half { compatible = "fixed-factor-clock"; #clock-cells = <0>; clocks = <&clk>; clock-div = <2>; clock-mult = <1>; };
  part: part { compatible = "fixed-factor-clock"; #clock-cells = <0>; clocks = <&pll 1>; clock-div = <2>; clock-mult = <1>; };
  main: main { compatible = "regulator-fixed"; };
  rail: rail { compatible = "regulator-fixed"; vin-supply = <&main>; };
  switched: switched { compatible = "regulator-fixed"; gpio = <&gpio 3 0>; };
  loop: loop { compatible = "regulator-fixed"; vin-supply = <&pool>; };
  pool: pool { compatible = "regulator-fixed"; vin-supply = <&loop>; };
  opp: opp { compatible = "operating-points-v2"; fast { required-opps = <&first>; }; first: first { }; };
  pll: pll@30000000 { reg = <0x30000000 0x1000>; #clock-cells = <1>; #reset-cells = <1>; #mbox-cells = <0>; };
  gpio: gpio@31000000 { reg = <0x31000000 0x1000>; #gpio-cells = <2>; gpio-ranges = <&pins 0 0 8>;
    hog { gpio-hog; gpios = <1 0>; }; };
  pins: pins@32000000 { reg = <0x32000000 0x1000>; one: one { }; };
  odd: odd@34000000 { compatible = "fixed-clock"; reg = <0x34000000 0x1000>; #clock-cells = <0>; };
  gic: gic@33000000 { compatible = "arm,gic-400"; reg = <0x33000000 0x1000>; interrupt-controller;
    #interrupt-cells = <3>; #address-cells = <0>; };
  serial@40000000 { reg = <0x40000000 0x1000>; ${device} };
  ${more}
};`);

async function assign(of: DeviceTree, ...names: readonly string[]) {
  const { value, diagnostics } = await resolvePassthrough(
    { name: "ui", passthrough: names },
    of,
    fileReader(tableHost({})),
  );
  if (!value) throw new Error(diagnostics[0]?.message);
  return {
    text: print(value.tree),
    messages: diagnostics.map(({ code, message }) => `${code}: ${message.replace("the guest sees ", "")}`),
    helps: diagnostics.map(({ help }) => help ?? ""),
  };
}

const lacks = (what: string): readonly string[] => [
  `XI3310: /serial@40000000 without ${what}: their providers stay behind`,
];

describe("what a device names", () => {
  it.each([
    ["a clock made of another", "clocks = <&half>;", ["half", "clk"]],
    ["a supply behind another", "vcc-supply = <&rail>;", ["rail", "main"]],
    ["supplies of one another", "vcc-supply = <&loop>;", ["loop", "pool"]],
    ["a table of operating points", "operating-points-v2 = <&opp>;", ["opp"]],
    ["a table of its own", 'operating-points-v2 = <&own>; own: table { compatible = "operating-points-v2"; };', []],
    ["no reset at all", "resets = <0>;", []],
    ["a GPIO hog's own lines", "child { gpio-hog; gpios = <12 0>; };", []],
    ["a number of GPIOs", "snps,nr-gpios = <3>;", []],
    ["a vendor's number", "vendor,syscon-mode = <4096>;", []],
  ])("comes with it: %s", async (_, device, copies) => {
    const { text, messages } = await assign(board(device), "serial@40000000");
    expect(messages).toEqual([]);
    const [, bus = ""] = text.split("passthrough {");
    const nodes = [...bus.matchAll(/^\t\t(?:\w+: )?(\S+) \{/gm)].map(([, name]) => name);
    expect(nodes).toEqual([...copies, "serial@40000000"]);
  });

  it.each([
    ["a clock of hardware", "clocks = <&pll 1>;", "clocks (/pll@30000000)"],
    ["a clock that hangs on hardware", "clocks = <&part>;", "clocks (/part)"],
    ["a supply that a GPIO switches", "vcc-supply = <&switched>;", "vcc-supply (/switched)"],
    [
      "a clock that has registers after all",
      "clocks = <&odd>; child { assigned-clocks = <&odd>; };",
      "clocks (/odd@34000000), assigned-clocks (/odd@34000000)",
    ],
    ["the second of two", "clocks = <&clk>, <&pll 2>;", "clocks (/pll@30000000)"],
    [
      "each provider once",
      "resets = <&pll 1>, <&pll 2>; clocks = <&pll 3>;",
      "resets (/pll@30000000), clocks (/pll@30000000)",
    ],
    ["one that the board has not", "resets = <0x77 1>;", "resets (unknown)"],
    ["a list that is cut short", "clocks = <&pll>;", "clocks (/pll@30000000, unknown)"],
    [
      "the same of several nodes below it",
      "a { clocks = <&pll 1>; }; b { clocks = <&part>; };",
      "clocks (/pll@30000000, /part)",
    ],
    [
      "the other end of a graph",
      "port { endpoint { remote-endpoint = <&one>; }; };",
      "remote-endpoint (/pins@32000000/one)",
    ],
    ["the system controller of a vendor", "vendor,syscon = <&pll 4 2>;", "vendor,syscon (/pll@30000000)"],
    [
      "where its interrupts of PCI go",
      "#address-cells = <3>; #interrupt-cells = <1>; interrupt-map = <0 0 0 1 &gic 0 5 4>, <0 0 0 2 &gic 0 6 4>;",
      "interrupt-map (/gic@33000000)",
    ],
    ["streams of an IOMMU", "iommu-map = <0 &pll 0 16>;", "iommu-map (/pll@30000000)"],
  ])("is missed by name and provider: %s", async (_, device, what) => {
    expect((await assign(board(device), "serial@40000000")).messages).toEqual(lacks(what));
  });

  it.each([
    ["clocks = [00 00 00];", "clocks"],
    ["vcc-supply = [01];", "vcc-supply"],
    ["reset-gpios = [00 00 00 01 00];", "reset-gpios"],
    ["interrupt-map = [00 01];", "interrupt-map"],
  ])("cannot be read where it has no whole cells, which is told: %s", async (device, property) => {
    const { text, messages } = await assign(board(device), "serial@40000000");
    expect(messages).toEqual([expect.stringContaining(`XI3310: /serial@40000000 without ${property}`)]);
    expect(text.split("passthrough {")[1]).not.toContain(property);
  });

  it("may have any bytes where it names nothing", async () => {
    const { text, messages } = await assign(board("vendor,table = [00 01 02];"), "serial@40000000");
    expect(messages).toEqual([]);
    expect(text).toContain("vendor,table = [00 01 02];");
  });

  it("is not taken for a phandle where it is a number of another's", async () => {
    // 1 is the phandle of what is copied first.
    const { text, messages } = await assign(board("vcc-supply = <&main>; clocks = <&pll 1>;"), "serial@40000000");
    expect(messages).toEqual(lacks("clocks (/pll@30000000)"));
    expect(text).not.toContain("clocks =");
  });

  it.each([
    ["names", 'mboxes = <&pll>; mbox-names = "a";', /mbox/],
    [
      "names of the one and not of the other",
      'mboxes = <&pll>; mbox-names = "a"; clocks = <&clk>; clock-names = "b";',
      /mbox/,
    ],
    ["rates", "assigned-clocks = <&pll 1>; assigned-clock-rates = <100>;", /assigned/],
    ["all states of its pins", 'pinctrl-0 = <&one>; pinctrl-1 = <0>; pinctrl-names = "a", "b";', /pinctrl/],
    ["masks", "msi-map = <0 &pll 0 1>; msi-map-mask = <0xff>;", /msi/],
  ])("is left out with what says more of it: %s", async (_, device, left) => {
    const { text } = await assign(board(device), "serial@40000000");
    expect(text).not.toMatch(left);
    expect(text.includes("clock-names")).toBe(device.includes("clock-names"));
  });

  it("is there where the domain has its provider, too", async () => {
    const of = board("clocks = <&pll 1>; resets = <&pll 1>; reset-gpios = <&gpio 1 0>; pinctrl-0 = <&one>;");
    const { text, messages } = await assign(of, "serial@40000000", "pll", "gpio", "pins");
    expect(messages).toEqual([]);
    expect(text.match(/(clocks|resets|reset-gpios|pinctrl-0) =/g)).toHaveLength(4);
  });

  it("says what must have been done before", async () => {
    const { helps } = await assign(
      board("clocks = <&pll 1>; assigned-clocks = <&pll 1>; pinctrl-0 = <&one>; nvmem-cells = <&one>;"),
      "serial@40000000",
    );
    expect(helps[0]?.split(/[.;] /).map((part) => part.split(":")[0])).toEqual([
      "assign the providers that have registers as well, or give a partial device tree of your own",
      "clocks",
      "pinctrl",
      "nvmem-cells",
    ]);
  });
});

describe("the advice to assign a provider as well", () => {
  const more = `reserved-memory { #address-cells = <1>; #size-cells = <1>; ranges; pool@1000 { reg = <0x1000 0x1000>; }; };
    firmware { clocks { fw: clock-controller { #clock-cells = <1>; }; }; };`;

  it.each([
    ["that has registers", "clocks = <&pll 1>;", true],
    ["that is part of what has", "pinctrl-0 = <&one>;", true],
    ["that is a description of what hangs on such", "clocks = <&part>;", true],
    ["beside one that has none", "clocks = <&fw 1>; resets = <&pll 1>;", true],
    ["that is the firmware's", "clocks = <&fw 1>;", false],
    ["that is memory", "memory-region = <&{/reserved-memory/pool@1000}>;", false],
    ["that is the hypervisor's", "iommu-map = <0 &pll 0 16>;", false],
    ["that the board has not", "resets = <0x77 1>;", false],
  ])("is given for one %s: %s", async (_, device, isGiven) => {
    const { helps } = await assign(board(device, more), "serial@40000000");
    expect(helps.map((help) => help.includes("assign "))).toEqual([isGiven]);
  });
});

describe("a device's buses", () => {
  it("are not seen, and what they need is missed", async () => {
    const of = board(
      "",
      `wrapper@50000000 { reg = <0x50000000 0x1000>; ranges; #address-cells = <1>; #size-cells = <1>; clocks = <&pll 1>;
        bus { compatible = "simple-pm-bus"; ranges; #address-cells = <1>; #size-cells = <1>; resets = <&pll 1>;
          usb@51000000 { reg = <0x51000000 0x1000>; }; }; };`,
    );
    expect((await assign(of, "usb")).messages).toEqual([
      "XI3310: /wrapper@50000000/bus/usb@51000000 without resets of /wrapper@50000000/bus (/pll@30000000), " +
        "clocks of /wrapper@50000000 (/pll@30000000): their providers stay behind",
    ]);
  });

  /** Two buses that move what is on them; the outer one 3 GiB up. */
  const moved = (inner: string, device = ""): DeviceTree =>
    board(
      "",
      `soc { #address-cells = <1>; #size-cells = <1>; ranges; dma-ranges = <0xc0000000 0 0x40000000>;
        bus { #address-cells = <1>; #size-cells = <1>; ranges; dma-ranges${inner};
          usb@51000000 { reg = <0x51000000 0x1000>; ${device} };
          mmc@52000000 { reg = <0x52000000 0x1000>; };
          serial@53000000 { reg = <0x53000000 0x1000>; }; }; };`,
    );

  it.each([
    ["where only the outer one moves", "", "<0x00 0xc0000000 0x00 0x00 0x00 0x40000000>"],
    ["where both do", " = <0x10000 0xc0100000 0x200000>", "<0x00 0x10000 0x00 0x100000 0x00 0x200000>"],
  ])("show it memory at the addresses that it has there: %s", async (_, inner, ranges) => {
    const { text, messages } = await assign(moved(inner), "usb", "mmc", "serial@53000000");
    expect(messages).toEqual([]);
    expect(text.match(/dma-ranges = .*;/g)).toEqual([`dma-ranges = ${ranges};`]);
    const [, before = "", on = ""] = /passthrough \{([^]*)\bbus \{([^]*)\n\t\t\};\n\n\t\tserial/.exec(text) ?? [];
    expect(before).not.toContain("@");
    expect(on.match(/\w+@[0-9a-f]+(?= \{)/g)).toEqual(["usb@51000000", "mmc@52000000"]);
  });

  it("that pass on nothing are told of", async () => {
    const { text, messages } = await assign(moved(" = <0 0x10000000 0x1000>"), "usb");
    expect(messages).toEqual([
      "XI3304: /soc/bus/usb@51000000 without dma-ranges of the buses above: they lead to devices that it does not have",
    ]);
    expect(text).not.toContain("dma-ranges");
  });

  it("have addresses of two cells, also in the device's own windows", async () => {
    const own = "#address-cells = <3>; #size-cells = <2>; dma-ranges = <0x2000000 0 0x1000 0xc0000000 0 0x100000>;";
    const { text } = await assign(moved("", own), "usb");
    expect(text).toContain("dma-ranges = <0x2000000 0x00 0x1000 0x00 0xc0000000 0x00 0x100000>;");
  });

  it("may have nodes of one name", async () => {
    const of = board(
      "clocks = <&c1 &c2>;",
      'a { c1: clk { compatible = "fixed-clock"; #clock-cells = <0>; }; }; b { c2: clk { compatible = "fixed-clock"; #clock-cells = <0>; }; };',
    );
    const { text } = await assign(of, "serial@40000000");
    expect(text.match(/clk(-\d)?(?= \{)/g)).toEqual(["clk", "clk-2"]);
  });
});

describe("a hostile tree", () => {
  it("may have a chain of clocks as long as it likes", async () => {
    const clock = (index: number): string =>
      `c${index}: c${index} { compatible = "fixed-factor-clock"; #clock-cells = <0>; clocks = <&c${index + 1}>; };`;
    const chain = Array.from({ length: 3000 }, (_, index) => clock(index)).join(" ");
    const { messages, text } = await assign(
      board("clocks = <&c0>;", `${chain} c3000: c3000 { compatible = "fixed-clock"; #clock-cells = <0>; };`),
      "/serial@40000000",
    );
    expect(messages).toEqual(lacks("clocks (/c0)"));
    expect(text).not.toContain("c2999");
  });

  it.each<[what: string, treeOf: (cells: string) => DeviceTree, name: string]>([
    ["registers", (cells: string) => board(`x-reg = <${cells}>;`), "/serial@40000000"],
    ["streams", (cells: string) => board(`iommu-map = <${cells}>;`), "/serial@40000000"],
    [
      "windows of its bus",
      (cells: string) => board("", `bus { dma-ranges = <${cells}>; ranges; serial@1000 { reg = <0x1000 0x1000>; }; };`),
      "/bus/serial@1000",
    ],
  ])("has no device of more than 64 KiB of %s", async (_what, treeOf, name) => {
    const many = treeOf("0 0x40000000 0x1000 0x1000 ".repeat(4097));
    await expect(assign(many, name)).rejects.toThrow(
      `the partial tree is no partial device tree: it comes from properties of 64 KiB at most, and "${name}" has more`,
    );
  });
});
