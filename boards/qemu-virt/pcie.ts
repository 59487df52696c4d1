import type { Node } from "dtc-js";
import { cells, cells64, concat, empty, node, property, strings } from "dtc-js";
import type { HighRegions } from "./memory-map.ts";
import type { Phandles } from "./phandles.ts";

/** The first of the four SPIs that the slots' pins share. */
const firstSpi = 3;
const levelHigh = 4;

/** ECAM host bridge: I/O, 32-bit and 64-bit windows (IEEE 1275 PCI binding: space code, PCI address, CPU address, size). */
export const pcie = ({ ecam, pciWindow }: HighRegions, phandles: Phandles): Node =>
  node("pcie@10000000", {
    properties: [
      property("interrupt-map-mask", cells(0x1800, 0, 0, 7)),
      property("interrupt-map", interruptMap(phandles.gic)),
      property("#interrupt-cells", cells(1)),
      property(
        "ranges",
        concat(
          concat(cells(0x0100_0000), cells64(0, 0x3eff_0000, 0x1_0000)),
          concat(cells(0x0200_0000), cells64(0x1000_0000, 0x1000_0000, 0x2eff_0000)),
          pciWindow ? concat(cells(0x0300_0000), cells64(pciWindow.start, pciWindow.start, pciWindow.size)) : empty,
        ),
      ),
      property("reg", cells64(ecam.start, ecam.size)),
      property("msi-map", cells(0, phandles.its, 0, 0x1_0000)),
      property("dma-coherent"),
      property("bus-range", cells(0, 0xff)),
      property("linux,pci-domain", cells(0)),
      property("#size-cells", cells(2)),
      property("#address-cells", cells(3)),
      property("device_type", strings("pci")),
      property("compatible", strings("pci-host-ecam-generic")),
    ],
  });

/** Slots 0 to 3, pins A to D: pin p of slot s is wired to SPI 3 + (s + p) mod 4. */
function interruptMap(gic: number) {
  const entries = [0, 1, 2, 3].flatMap((slot) =>
    [0, 1, 2, 3].map((pin) => {
      const spi = firstSpi + ((slot + pin) % 4);
      return cells(slot << 11, 0, 0, pin + 1, gic, 0, 0, 0, spi, levelHigh);
    }),
  );
  return concat(...entries);
}
