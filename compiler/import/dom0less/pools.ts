import type { Node } from "dtc-js";
import { getProperty, phandleOf, readStrings } from "dtc-js";
import type { PoolInput } from "../../config/input.ts";
import { schedulers } from "../../config/input.ts";
import type { BoardTree } from "../board-tree.ts";
import type { Blob } from "./blob.ts";
import { nameOf } from "./blob.ts";

/** As the compiler names the nodes of pools. */
export const poolName = (node: Node): string => nameOf(node).replace(/^cpupool-(?=[A-Za-z])/, "");

/** A node `xen,cpupool` (xen/docs/misc/arm/device-tree/cpupools.txt). */
export function readPool(blob: Blob, node: Node, board: BoardTree): PoolInput {
  const cpus = (blob.cells(node, "cpupool-cpus") ?? []).flatMap((phandle) => {
    const label = board.labels[board.cpuNodes.indexOf(blob.byPhandle(phandle)?.name ?? "")];
    if (label === undefined) blob.refuse(node, "cpupool-cpus", "CPUs of the board");
    return label ?? [];
  });
  const named = blob.text(node, "cpupool-sched");
  const scheduler = schedulers.find((name) => name === named);
  if (named !== undefined && scheduler === undefined)
    blob.refuse(node, "cpupool-sched", `one of ${schedulers.join(", ")}`);
  return { cpus, ...(scheduler && { scheduler }), ...readSchedule(blob, node) };
}

export const phandleOfPool = (node: Node): number => phandleOf(node) ?? 0;

/** Ours: names of domains, and pairs of a vCPU and µs. */
function readSchedule(blob: Blob, node: Node): Pick<PoolInput, "schedule"> {
  const majorFrame = blob.number(node, "xenimg,arinc653-frame");
  const names = getProperty(node, "xenimg,arinc653-domains");
  const domains = (names && readStrings(names.value)) ?? [];
  const numbers = blob.cells(node, "xenimg,arinc653-windows") ?? [];
  if (majorFrame === undefined) return {};
  const windows = domains.map((domain, index) => {
    const [vcpu = 0, duration = 0] = numbers.slice(index * 2, index * 2 + 2);
    return { ...(domain !== "" && { domain }), ...(vcpu !== 0 && { vcpu }), duration };
  });
  return { schedule: { majorFrame, windows } };
}
