import type { Located } from "dtc-js";
import { getProperty, phandleOf, readCells, readStrings } from "dtc-js";
import type { BoardFacts } from "../ir/resolved.ts";
import { compatibleWith } from "./nodes.ts";

type PrivateInterrupts = BoardFacts["ppis"];

/** Numbers of the private interrupts that a hypervisor takes, as GIC and timer say; absent where they do not. */
export function privateInterrupts(nodes: readonly Located[]): PrivateInterrupts {
  const gic = nodes.find(({ node }) => compatibleWith(node, ["arm,gic-v3"])) ?? nodes.find(isOlderGic);
  const timer = nodes.find(({ node }) => compatibleWith(node, ["arm,armv8-timer"]));
  const width = (gic && cellsOf(gic, "#interrupt-cells")[0]) ?? 3;
  const maintenance = gic && ppis(gic, gic, width)[0];
  const timers = gic && timer ? ppis(timer, gic, width) : [];
  const named = timer && names(timer);
  // Binding arm,arch_timer.yaml: this order where no names are given.
  const find = (name: string, index: number): number | undefined => timers[named ? named.indexOf(name) : index];
  const found = { maintenance, virtualTimer: find("virt", 2), hypervisorTimer: find("hyp-phys", 3) };
  return Object.fromEntries(Object.entries(found).filter(([, number]) => number !== undefined));
}

const isOlderGic = ({ node }: Located): boolean => compatibleWith(node, ["arm,gic-400", "arm,cortex-a15-gic"]);

/** GIC binding: a 1 says private, the number follows; then flags, and whatever a longer form has. */
function ppis(node: Located, gic: Located, width: number): readonly (number | undefined)[] {
  const extended = cellsOf(node, "interrupts-extended");
  // Each with its controller's phandle in front (Devicetree Specification 0.4, 2.4.1); others' may have any width.
  const ours = extended[0] !== undefined && extended[0] === phandleOf(gic.node) && extended.length % (width + 1) === 0;
  const [cells, stride, skip] = ours ? [extended, width + 1, 1] : [cellsOf(node, "interrupts"), width, 0];
  return Array.from({ length: Math.floor(cells.length / stride) }, (_, index) =>
    cells[index * stride + skip] === 1 ? cells[index * stride + skip + 1] : undefined,
  );
}

function cellsOf({ node }: Located, name: string): readonly number[] {
  const property = getProperty(node, name);
  return (property && readCells(property.value)) ?? [];
}

function names({ node }: Located): readonly string[] | undefined {
  const property = getProperty(node, "interrupt-names");
  return property && readStrings(property.value);
}
