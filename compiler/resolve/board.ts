import type { DeviceTree, Located } from "dtc-js";
import { decode, encode, getProperty, readString, walk } from "dtc-js";
import { MiB, formatSize } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import type { Board } from "../ir/board.ts";
import type { BoardFacts } from "../ir/resolved.ts";
import { findClusters } from "./clusters.ts";
import { boardConsole, drivenUarts } from "./console.ts";
import { boardCpus } from "./cpus.ts";
import { afterFirmware } from "./firmware.ts";
import { boardGic } from "./gic.ts";
import { deviceRanges, ramRanges, reservedRanges } from "./memory.ts";
import { compatibleWith, compatibles, failure, isAvailable, unusable } from "./nodes.ts";
import { privateInterrupts } from "./private-interrupts.ts";

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
    const params = { what: source, reason: decoded.diagnostics[0].message };
    return failure(diagnose("XI3101", params, { primary: treePlace }));
  }
  const { compatible, firmware } = profile;
  const { root } = decoded.value;
  if (compatible !== undefined && !compatibleWith(root, compatible)) {
    const params = { what: source, is: compatibles(root)[0] ?? "nothing", board: profile.name, known: compatible };
    return failure(diagnose("XI3211", params, { primary: treePlace }));
  }
  const tree = firmware ? afterFirmware(decoded.value, firmware) : decoded.value;
  if (tree === undefined) return unusable("/", "its #address-cells and #size-cells do not hold the board's RAM");
  return factsOf(tree, profile, firmware ? encode(tree) : profile.deviceTree);
}

function factsOf(tree: DeviceTree, profile: Board, deviceTree: Uint8Array): Outcome<BoardFacts> {
  const nodes = [...walk(tree)];
  const available = nodes.filter(isAvailable);
  const ram = ramRanges(available);
  const reserved = reservedRanges(tree, nodes);
  const cpus = boardCpus(available, profile.cpus);
  const gic = boardGic(available);
  const diagnostics = [ram, reserved, cpus, gic].flatMap((each) => each.diagnostics);
  if (!ram.value || !reserved.value || !cpus.value || !gic.value) return { diagnostics };
  const console = boardConsole(nodes);
  const psci = psciMethod(available);
  const facts: BoardFacts = {
    profile,
    deviceTree,
    ram: ram.value,
    reserved: reserved.value,
    cpus: cpus.value,
    clusters: findClusters(available, cpus.value),
    gic: gic.value,
    ppis: privateInterrupts(available),
    ...(psci && { psci }),
    timer: available.some(({ node }) => compatibleWith(node, timers)),
    levels: Math.max(...nodes.map(({ path }) => path.split("/").length - 1)),
    ...(console && { console }),
    uarts: drivenUarts(nodes),
    iommus: available.filter(({ node }) => compatibles(node).some((name) => iommus.test(name))).map(({ path }) => path),
    mmio: deviceRanges(nodes),
  };
  return { value: facts, diagnostics };
}

/** Binding arm,arch_timer.yaml. */
const timers = ["arm,armv8-timer", "arm,armv7-timer"];

/** Those of upstream Xen (xen/SUPPORT.md): bindings arm,smmu.yaml, arm,smmu-v3.yaml and renesas,ipmmu-vmsa.yaml. */
const iommus = /^(arm,(smmu|mmu-)|renesas,ipmmu-)/;

/** Binding psci.yaml. */
function psciMethod(nodes: readonly Located[]): BoardFacts["psci"] {
  const psci = nodes.find(({ node }) => compatibleWith(node, ["arm,psci-1.0", "arm,psci-0.2", "arm,psci"]));
  const property = psci && getProperty(psci.node, "method");
  const method = property && readString(property.value);
  return method === "smc" || method === "hvc" ? method : undefined;
}
