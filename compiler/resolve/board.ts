import type { DeviceTree, Located } from "dtc-js";
import { baseName, decode, getProperty, readString, readStrings, walk } from "dtc-js";
import type { Range } from "../base/ranges.ts";
import type { PhysAddr } from "../base/units.ts";
import { MiB, formatSize, physAddr } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";
import type { Board } from "../ir/board.ts";
import type { BoardCpu, BoardFacts, BoardGic, NamedRange } from "../ir/resolved.ts";
import { findClusters } from "./clusters.ts";
import { addressBitsOf } from "./cores.ts";
import { addressCells, regOf, tuples } from "./reg.ts";

const primary = { path: ["board"] };
const treePlace = { path: ["board", "deviceTree"] };

/**
 * Linux, Xen and the core read a device tree of at most 2 MiB: half for the board, half for the domains. A large SoC's has
 * some hundred KiB.
 */
const longestTree = MiB(1);

/** What the board's own device tree says of the machine. */
export function boardFacts(profile: Board, source: string): Outcome<BoardFacts> {
  const { length } = profile.deviceTree;
  if (length > longestTree) return unusable("/", `it has ${formatSize(length)}, more than ${formatSize(longestTree)}`);
  const decoded = decode(profile.deviceTree);
  if (!decoded.ok) {
    const params = { what: source, reason: decoded.error.message };
    return { diagnostics: [diagnose("XI3101", params, { primary: treePlace })] };
  }
  const nodes = [...walk(decoded.tree)];
  const available = nodes.filter(isAvailable);
  const ram = memoryNodes(available);
  const reserved = reservedRanges(decoded.tree, nodes);
  const cpus = cpuNodes(available, profile.cpus);
  const gic = findGic(available);
  const diagnostics = [ram, reserved, cpus, gic].flatMap((each) => each.diagnostics);
  if (!ram.value || !reserved.value || !cpus.value || !gic.value) return { diagnostics };
  const console = findConsole(nodes);
  const facts: BoardFacts = {
    profile,
    ram: ram.value,
    reserved: reserved.value,
    cpus: cpus.value,
    clusters: findClusters(available, cpus.value),
    gic: gic.value,
    ...(console && { console }),
    uarts: available.filter(({ node }) => compatibleWith(node, drivenUarts)).map(({ path }) => path),
    mmio: deviceRanges(nodes),
  };
  return { value: facts, diagnostics };
}

/** Bindings pl011.yaml, arm,sbsa-uart.yaml and cdns,uart.yaml: what the core has a driver for. */
const drivenUarts = ["arm,pl011", "arm,sbsa-uart", "cdns,uart-r1p12", "xlnx,xuartps"];

const failure = <T>(diagnostic: Diagnostic): Outcome<T> => ({ diagnostics: [diagnostic] });
const missing = <T>(what: string): Outcome<T> => failure(diagnose("XI3102", { missing: what }, { primary }));
const unusable = <T>(node: string, problem: string): Outcome<T> =>
  failure(diagnose("XI3104", { node, problem }, { primary }));

/** Devicetree Specification 0.4, 2.3.4: usable by us. QEMU's secure RAM and UART, for one, say "disabled". */
function isAvailable({ node }: Located): boolean {
  const status = getProperty(node, "status");
  return status === undefined || ["okay", "ok"].includes(readString(status.value) ?? "");
}

/** Devicetree Specification 0.4, 3.4: children of the root with device_type "memory". */
const isMemory = ({ node, parent }: Located): boolean => parent?.parent === undefined && deviceType(node) === "memory";

const deviceType = (node: Located["node"]): string | undefined => {
  const property = getProperty(node, "device_type");
  return property && readString(property.value);
};

function memoryNodes(nodes: readonly Located[]): Outcome<readonly Range<PhysAddr>[]> {
  const ranges: Range<PhysAddr>[] = [];
  for (const node of nodes.filter(isMemory)) {
    const reg = regOf(node);
    if (reg === undefined) return unusable(node.path, "its reg does not fit the cells that the root declares");
    ranges.push(...reg.filter(({ size }) => size > 0));
  }
  if (ranges.length === 0) return missing('memory node (device_type = "memory")');
  return { value: ranges.sort((a, b) => a.start - b.start), diagnostics: [] };
}

/** Disabled nodes included: to keep clear of what one of them names costs little, to overwrite it may cost much. */
function reservedRanges(tree: DeviceTree, nodes: readonly Located[]): Outcome<readonly NamedRange[]> {
  const ranges: NamedRange[] = tree.reservations.map(({ address, size }) => ({
    name: "/memreserve/",
    start: physAddr(Number(address)),
    size: Number(size),
  }));
  for (const each of nodes.filter(isReserved)) {
    // Without a reg the operating system chooses the place.
    if (getProperty(each.node, "reg") === undefined) continue;
    const reg = regOf(each);
    if (reg === undefined) return unusable(each.path, "its reg does not fit the cells that /reserved-memory declares");
    ranges.push(...reg.map((range) => ({ name: each.path, ...range })));
  }
  return { value: ranges.filter(({ size }) => size > 0).sort((a, b) => a.start - b.start), diagnostics: [] };
}

const isReserved = ({ parent }: Located): boolean => parent?.path === "/reserved-memory";

function cpuNodes(nodes: readonly Located[], labels: readonly string[]): Outcome<readonly BoardCpu[]> {
  const found = nodes.filter(({ node, parent }) => parent?.path === "/cpus" && deviceType(node) === "cpu");
  if (found.length === 0) return missing("cpu nodes under /cpus");
  if (found.length !== labels.length)
    return failure(
      diagnose("XI3103", { labels: labels.length, nodes: found.length }, { primary: { path: ["board", "cpus"] } }),
    );
  const cpus: BoardCpu[] = [];
  for (const [index, { node, path, parent }] of found.entries()) {
    const mpidr = parent && tuples(node, "reg", [addressCells(parent.node)])?.[0]?.[0];
    if (mpidr === undefined) return unusable(path, "it has no reg with the CPU's number");
    const [model] = compatible(node);
    const addressBits = addressBitsOf(compatible(node));
    const known = { ...(model !== undefined && { model }), ...(addressBits !== undefined && { addressBits }) };
    cpus.push({ label: labels[index] ?? "", path, mpidr, ...known });
  }
  return { value: cpus, diagnostics: [] };
}

const compatibleWith = (node: Located["node"], names: readonly string[]): boolean =>
  compatible(node).some((name) => names.includes(name));

const compatible = (node: Located["node"]): readonly string[] => {
  const property = getProperty(node, "compatible");
  return (property && readStrings(property.value)) ?? [];
};

/**
 * Bindings arm,gic-v3.yaml and arm,gic.yaml: distributor first, then redistributors or the CPU interface, and after that
 * the hypervisor's and the virtual CPU interface.
 */
function findGic(nodes: readonly Located[]): Outcome<BoardGic> {
  const v3 = nodes.find(({ node }) => compatibleWith(node, ["arm,gic-v3"]));
  const v2 = nodes.find(({ node }) =>
    compatibleWith(node, ["arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a9-gic", "arm,cortex-a7-gic"]),
  );
  const node = v3 ?? v2;
  if (node === undefined) return missing("interrupt controller (GICv2 or GICv3)");
  const [distributor, next, ...rest] = regOf(node) ?? [];
  if (distributor === undefined || next === undefined) return unusable(node.path, "its reg names no registers");
  if (v3 === undefined) {
    const virtualInterface = rest[1];
    const value = {
      version: 2,
      distributor,
      cpuInterface: next,
      ...(virtualInterface && { virtualInterface }),
    } as const;
    return { value, diagnostics: [] };
  }
  const count = tuples(node.node, "#redistributor-regions", [1])?.[0]?.[0] ?? 1;
  return { value: { version: 3, distributor, redistributors: [next, ...rest].slice(0, count) }, diagnostics: [] };
}

/** /chosen/stdout-path: a path or an alias, with options after a colon (Devicetree Specification 0.4, 3.6). */
function findConsole(nodes: readonly Located[]): BoardFacts["console"] {
  const text = (path: string, name: string): string | undefined => {
    const node = nodes.find((each) => each.path === path)?.node;
    const property = node && getProperty(node, name);
    return property && readString(property.value);
  };
  const [name = ""] = (text("/chosen", "stdout-path") ?? "").split(":");
  const path = name.startsWith("/") ? name : text("/aliases", name);
  const node = nodes.find((each) => each.path === path && isAvailable(each));
  const mmio = node && regOf(node)?.[0];
  // GIC binding: three cells, the first 0 for a shared peripheral interrupt.
  const [kind, number] = (node && tuples(node.node, "interrupts", [1, 1, 1])?.[0]) ?? [];
  const spi = kind === 0 ? number : undefined;
  return node && mmio && { path: node.path, mmio, ...(spi !== undefined && { spi }) };
}

/** Registers: every reg that the CPUs reach and that is no memory. */
const deviceRanges = (nodes: readonly Located[]): readonly NamedRange[] =>
  nodes
    .filter((each) => !isMemory(each) && !isReserved(each) && baseName(each.node.name) !== "memory")
    .flatMap((each) => (regOf(each) ?? []).map((range) => ({ name: each.path, ...range })))
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.start - b.start);
