import type { Located } from "dtc-js";
import { getProperty, readCells, readString } from "dtc-js";
import type { BoardFacts } from "../ir/resolved.ts";
import type { Target } from "../ir/target.ts";
import { compatibleWith, isAvailable } from "./nodes.ts";
import { regOf } from "./reg.ts";

/** Bindings pl011.yaml, arm,sbsa-uart.yaml and cdns,uart.yaml: what the core has a driver for. */
const driven = ["arm,pl011", "arm,sbsa-uart", "cdns,uart-r1p12", "xlnx,xuartps"];

/** Paths of the enabled UARTs that the core drives. */
export const drivenUarts = (nodes: readonly Located[]): readonly string[] =>
  nodes.filter((each) => isAvailable(each) && compatibleWith(each.node, driven)).map(({ path }) => path);

/** /chosen/stdout-path, where what it names is enabled. */
export function boardConsole(nodes: readonly Located[]): BoardFacts["console"] {
  const node = named(nodes, stdoutPath(nodes));
  return node && isAvailable(node) ? uartOf(node) : undefined;
}

/**
 * The UART that the hypervisor prints to: what the last `dtuart=` of its own command line names, else
 * /chosen/stdout-path. The core passes over what it does not drive, and at last takes the first UART that it does;
 * upstream Xen 4.17 prints nowhere when the argument names nothing (observed).
 */
export function hypervisorConsole(
  nodes: readonly Located[],
  bootargs: string,
  { hypervisor }: Target,
): BoardFacts["console"] {
  const option = "dtuart=";
  const wanted = bootargs.split(/\s+/).filter((word) => word.startsWith(option));
  const argument = wanted.at(-1)?.slice(option.length);
  if (hypervisor !== "core") {
    if (argument === undefined) return boardConsole(nodes);
    const node = named(nodes, argument);
    return node && uartOf(node);
  }
  const first = nodes.find((each) => isAvailable(each) && compatibleWith(each.node, driven));
  const node = [argument, stdoutPath(nodes)]
    .map((name) => (name === undefined ? undefined : named(nodes, name)))
    .find((each) => each !== undefined && compatibleWith(each.node, driven));
  const uart = node ?? first;
  return uart && uartOf(uart);
}

const stdoutPath = (nodes: readonly Located[]): string => text(nodes, "/chosen", "stdout-path") ?? "";

function text(nodes: readonly Located[], path: string, name: string): string | undefined {
  const node = nodes.find((each) => each.path === path)?.node;
  const property = node && getProperty(node, name);
  return property && readString(property.value);
}

/** A path or an alias, with options after a colon (Devicetree Specification 0.4, 3.6). */
function named(nodes: readonly Located[], nameAndOptions: string): Located | undefined {
  const [name = ""] = nameAndOptions.split(":");
  const path = name.startsWith("/") ? name : text(nodes, "/aliases", name);
  return nodes.find((each) => each.path === path);
}

function uartOf(node: Located): BoardFacts["console"] {
  const mmio = regOf(node)?.[0];
  const interrupts = getProperty(node.node, "interrupts");
  // GIC binding: three cells or more, the first 0 for a shared peripheral interrupt.
  const [kind, number, trigger] = (interrupts && readCells(interrupts.value)) ?? [];
  const spi = kind === 0 && trigger !== undefined ? number : undefined;
  return mmio && { path: node.path, mmio, ...(spi !== undefined && { spi }) };
}
