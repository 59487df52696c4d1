import type { Node, Property, Value } from "dtc-js";
import { cells, cells64, concat, empty, node, property, strings } from "dtc-js";

/** QEMU hands out phandles from 0x8000 in the order in which it makes the nodes. */
export const phandles = {
  gic: 0x8000,
  phys: [0x8002, 0x8001],
  clock25: 0x8003,
  clock125: 0x8004,
  usb: 0x8005,
  dwc3: 0x8006,
};

/** GIC binding: type (0 SPI), number within the type, trigger (1 rising edge, 4 level high). */
const spis = (trigger: 1 | 4, ...numbers: readonly number[]): Value =>
  concat(...numbers.map((number) => cells(0, number, trigger)));

const interrupts = (...numbers: readonly number[]): Property => property("interrupts", spis(4, ...numbers));
const reg = (address: number, size: number): Property => property("reg", cells64(address, size));
const compatible = (...names: readonly string[]): Property => property("compatible", strings(...names));
const clocks = (...handles: readonly number[]): Property => property("clocks", cells(...handles));
const clockNames = (...names: readonly string[]): Property => property("clock-names", strings(...names));
const at = (name: string, address: number): string => `${name}@${address.toString(16)}`;

export const clock = (name: string, hertz: number, phandle: number): Node =>
  node(name, {
    properties: [
      property("u-boot,dm-pre-reloc"),
      compatible("fixed-clock"),
      property("#clock-cells", cells(0)),
      property("clock-frequency", cells(hertz)),
      property("phandle", cells(phandle)),
    ],
  });

/** Fuses, battery-backed memory, clock of the platform management controller. */
export const management: readonly Node[] = [
  node("xlnx_pmc_efuse_cache@f1250000", { properties: [compatible("xlnx,pmc-efuse-cache"), reg(0xf125_0000, 0xc00)] }),
  node("pmc_efuse@f1240000", {
    properties: [
      compatible("xlnx,versal-efuse"),
      reg(0xf124_0000, 0x104),
      property("interrupt-names", strings("pmc_efuse")),
      interrupts(139),
    ],
  }),
  node("bbram@f11f0000", {
    properties: [
      compatible("xlnx,bbram-ctrl"),
      reg(0xf11f_0000, 0x50),
      property("interrupt-names", strings("bbram-error")),
      interrupts(121),
    ],
  }),
  node("rtc@f12a0000", {
    properties: [
      compatible("xlnx,zynqmp-rtc"),
      reg(0xf12a_0000, 0x1_0000),
      property("interrupt-names", strings("alarm", "sec")),
      interrupts(142, 143),
    ],
  }),
];

export const cardHost = (address: number, spi: number): Node =>
  node(at("sdhci", address), {
    properties: [
      compatible("arasan,sdhci-8.9a"),
      reg(address, 0x1_0000),
      interrupts(spi),
      clockNames("clk_xin", "clk_ahb"),
      clocks(phandles.clock25, phandles.clock25),
    ],
  });

export const usb = node("usb@ff9d0000", {
  properties: [
    property("phandle", cells(phandles.usb)),
    property("#size-cells", cells(2)),
    property("#address-cells", cells(2)),
    property("ranges", empty),
    clocks(phandles.clock25, phandles.clock125),
    clockNames("bus_clk", "ref_clk"),
    reg(0xff9d_0000, 0x1_0000),
    compatible("xlnx,versal-dwc3"),
  ],
  children: [
    node("dwc3@fe200000", {
      properties: [
        property("maximum-speed", strings("high-speed")),
        property("phandle", cells(phandles.dwc3)),
        property("snps,mask_phy_reset"),
        property("snps,refclk_fladj"),
        property("snps,dis_u3_susphy_quirk"),
        property("snps,dis_u2_susphy_quirk"),
        property("phy-names", strings("usb3-phy")),
        property("dr_mode", strings("host")),
        property("#stream-id-cells", cells(1)),
        property("snps,quirk-frame-length-adjustment", cells(0x20)),
        interrupts(22),
        property("interrupt-names", strings("dwc_usb3")),
        reg(0xfe20_0000, 0x1_0000),
        compatible("snps,dwc3"),
      ],
    }),
  ],
});

/** Eight channels. */
export const dma: readonly Node[] = Array.from({ length: 8 }, (_, index) => {
  const address = 0xffa8_0000 + index * 0x1_0000;
  return node(at("dma", address), {
    properties: [
      compatible("xlnx,zynqmp-dma-1.0"),
      reg(address, 0x1000),
      interrupts(60 + index),
      clockNames("clk_main", "clk_apb"),
      clocks(phandles.clock25, phandles.clock25),
      property("xlnx,bus-width", cells(64)),
    ],
  });
});

export const uart = (address: number, spi: number): Node =>
  node(at("uart", address), {
    properties: [
      property("u-boot,dm-pre-reloc"),
      compatible("arm,pl011", "arm,sbsa-uart"),
      reg(address, 0x1000),
      interrupts(spi),
      clockNames("uartclk", "apb_pclk"),
      clocks(phandles.clock125, phandles.clock125),
      property("current-speed", cells(115_200)),
    ],
  });

export const ethernet = (address: number, spi: number, phy: number): Node =>
  node(at("ethernet", address), {
    properties: [
      property("#size-cells", cells(0)),
      property("#address-cells", cells(1)),
      compatible("cdns,zynqmp-gem", "cdns,gem"),
      reg(address, 0x1000),
      interrupts(spi, spi),
      clockNames("pclk", "hclk", "tx_clk", "rx_clk"),
      clocks(phandles.clock25, phandles.clock25, phandles.clock125, phandles.clock125),
      property("phy-handle", cells(phy)),
      property("phy-mode", strings("rgmii-id")),
    ],
    children: [
      node("fixed-link", {
        properties: [property("speed", cells(1000)), property("full-duplex"), property("phandle", cells(phy))],
      }),
    ],
  });

/** Every slot is there, whether a device sits in it or not; QEMU makes the last one first. */
export const virtioSlots: readonly Node[] = [7, 6, 5, 4, 3, 2, 1, 0].map((slot) => {
  const address = 0xa000_0000 + slot * 0x200;
  return node(at("virtio_mmio", address), {
    properties: [
      compatible("virtio,mmio"),
      reg(address, 0x200),
      property("interrupts", spis(1, 111 + slot)),
      property("dma-coherent"),
    ],
  });
});
