import type { Node, Value } from "dtc-js";
import { cells, cells64, node, property, strings } from "dtc-js";
import type { Phandles } from "./phandles.ts";

/** GIC binding: type (0 SPI), number within the type, trigger (1 rising edge, 4 level high). */
const spi = (number: number, trigger: 1 | 4): Value => cells(0, number, trigger);

type HexDigit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "a" | "b" | "c" | "d" | "e" | "f";
/** A slot has 0x200 bytes. */
type VirtioSlot = `virtio_mmio@a00${"0" | "1" | "2" | "3"}${EvenDigit}00`;
type EvenDigit = Exclude<HexDigit, "1" | "3" | "5" | "7" | "9" | "b" | "d" | "f">;
/** What `passthrough` may name, in the short form or the long one; the rest of the machine is the hypervisor's. */
export type DeviceName = "pl031" | "pl031@9010000" | "pl061" | "pl061@9030000" | VirtioSlot;

export const deviceNames = (): readonly DeviceName[] => [
  "pl031",
  "pl031@9010000",
  "pl061",
  "pl061@9030000",
  ...virtioSlots().map(({ name }) => name as VirtioSlot),
];

const virtio = { slots: 32, base: 0x0a00_0000, size: 0x200, firstSpi: 16 };

/** Every slot is there, whether a device sits in it or not. */
export const virtioSlots = (): readonly Node[] =>
  Array.from({ length: virtio.slots }, (_, index) => {
    const address = virtio.base + index * virtio.size;
    return node(`virtio_mmio@${address.toString(16)}`, {
      properties: [
        property("dma-coherent"),
        property("interrupts", spi(virtio.firstSpi + index, 1)),
        property("reg", cells64(address, virtio.size)),
        property("compatible", strings("virtio,mmio")),
      ],
    });
  });

export const gpioKeys = (phandles: Phandles): Node =>
  node("gpio-keys", {
    properties: [property("compatible", strings("gpio-keys"))],
    children: [
      node("poweroff", {
        properties: [
          property("gpios", cells(phandles.gpio, 3, 0)),
          // KEY_POWER of the Linux input event codes.
          property("linux,code", cells(0x74)),
          property("label", strings("GPIO Key Poweroff")),
        ],
      }),
    ],
  });

export const gpio = (phandles: Phandles): Node =>
  node("pl061@9030000", {
    properties: [
      property("phandle", cells(phandles.gpio)),
      property("clock-names", strings("apb_pclk")),
      property("clocks", cells(phandles.clock)),
      property("interrupts", spi(7, 4)),
      property("gpio-controller"),
      property("#gpio-cells", cells(2)),
      property("compatible", strings("arm,pl061", "arm,primecell")),
      property("reg", cells64(0x0903_0000, 0x1000)),
    ],
  });

export const rtc = (phandles: Phandles): Node =>
  node("pl031@9010000", {
    properties: [
      property("clock-names", strings("apb_pclk")),
      property("clocks", cells(phandles.clock)),
      property("interrupts", spi(2, 4)),
      property("reg", cells64(0x0901_0000, 0x1000)),
      property("compatible", strings("arm,pl031", "arm,primecell")),
    ],
  });

export const uart = (phandles: Phandles): Node =>
  node("pl011@9000000", {
    properties: [
      property("clock-names", strings("uartclk", "apb_pclk")),
      property("clocks", cells(phandles.clock, phandles.clock)),
      property("interrupts", spi(1, 4)),
      property("reg", cells64(0x0900_0000, 0x1000)),
      property("compatible", strings("arm,pl011", "arm,primecell")),
    ],
  });

export const clock = (phandles: Phandles): Node =>
  node("apb-pclk", {
    properties: [
      property("phandle", cells(phandles.clock)),
      property("clock-output-names", strings("clk24mhz")),
      property("clock-frequency", cells(24_000_000)),
      property("#clock-cells", cells(0)),
      property("compatible", strings("fixed-clock")),
    ],
  });
