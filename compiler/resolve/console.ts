import type { Located } from "dtc-js";
import { getProperty, readCells, readString } from "dtc-js";
import type { BoardFacts } from "../ir/resolved.ts";
import { compatibleWith, isAvailable } from "./nodes.ts";
import { regOf } from "./reg.ts";

/** Bindings pl011.yaml, arm,sbsa-uart.yaml and cdns,uart.yaml: what the core has a driver for. */
const driven = ["arm,pl011", "arm,sbsa-uart", "cdns,uart-r1p12", "xlnx,xuartps"];

/** Paths of the enabled UARTs that the core drives. */
export const drivenUarts = (nodes: readonly Located[]): readonly string[] =>
  nodes.filter((each) => isAvailable(each) && compatibleWith(each.node, driven)).map(({ path }) => path);

/** /chosen/stdout-path: a path or an alias, with options after a colon (Devicetree Specification 0.4, 3.6). */
export function boardConsole(nodes: readonly Located[]): BoardFacts["console"] {
  const text = (path: string, name: string): string | undefined => {
    const node = nodes.find((each) => each.path === path)?.node;
    const property = node && getProperty(node, name);
    return property && readString(property.value);
  };
  const [name = ""] = (text("/chosen", "stdout-path") ?? "").split(":");
  const path = name.startsWith("/") ? name : text("/aliases", name);
  const node = nodes.find((each) => each.path === path && isAvailable(each));
  const mmio = node && regOf(node)?.[0];
  const interrupts = node && getProperty(node.node, "interrupts");
  // GIC binding: three cells or more, the first 0 for a shared peripheral interrupt.
  const [kind, number, trigger] = (interrupts && readCells(interrupts.value)) ?? [];
  const spi = kind === 0 && trigger !== undefined ? number : undefined;
  return node && mmio && { path: node.path, mmio, ...(spi !== undefined && { spi }) };
}
