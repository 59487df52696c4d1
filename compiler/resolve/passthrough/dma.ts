import type { Located, Node } from "dtc-js";
import { baseName, getProperty, readStrings } from "dtc-js";
import { regOf } from "../reg.ts";
import { childrenOf } from "./find.ts";

/** Generic names (Devicetree Specification 0.4, 2.2.2) of what reads and writes no memory by itself. */
const quietNames = new Set([
  "adc",
  "gpio",
  "i2c",
  "keypad",
  "pmu",
  "pwm",
  "rtc",
  "serial",
  "temperature-sensor",
  "timer",
  "uart",
  "watchdog",
]);

/** The same under other names: bindings pl011.yaml, arm,pl031.yaml, pl061-gpio.yaml, arm,sp804.yaml, arm,sp805.yaml. */
const quietKinds = ["arm,pl011", "arm,sbsa-uart", "arm,pl031", "arm,pl061", "arm,sp804", "arm,sp805"];

/** What a node has where it, or what is behind it, reads and writes memory after all. */
const signs = ["dma-coherent", "dma-ranges", "iommus", "iommu-map", "#dma-cells"];

/**
 * Whether a device may read and write memory by itself. What is not known to leave it alone may: without an IOMMU, to
 * take a bus master for a quiet device would open all memory to the domain.
 */
export function doesDma(device: Located): boolean {
  const { node } = device;
  const compatible = getProperty(node, "compatible");
  const kinds = compatible ? (readStrings(compatible.value) ?? []) : [];
  const quiet = quietNames.has(baseName(node.name)) || quietKinds.some((kind) => kinds.includes(kind));
  return !quiet || hasSigns(node) || childrenOf(device).some((child) => regOf(child) !== undefined && doesDma(child));
}

const hasSigns = (node: Node): boolean =>
  signs.some((name) => getProperty(node, name) !== undefined) || node.children.some(hasSigns);
