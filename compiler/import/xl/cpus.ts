import type { VcpuInput } from "../../config/input.ts";
import type { Configuration } from "./configuration.ts";
import type { Value } from "./value.ts";

/**
 * `cpus`, as each vCPU's CPUs: one list for all of them, or one a vCPU (xl.cfg(5), CPU Allocation). A vCPU that may run
 * on all CPUs has none.
 */
export function readAffinities(config: Configuration, vcpus: number, labels: readonly string[]): readonly VcpuInput[] {
  const value = config.value("cpus");
  if (value === undefined) return [];
  const items = value.kind === "list" ? value.items : Array.from({ length: vcpus }, () => value);
  if (items.length > vcpus)
    config.passOver(`cpus[${vcpus}]`, `the domain has ${vcpus} vCPU${vcpus === 1 ? "" : "s"}`, value.at);
  const told = new Set<Value>();
  const found = items.slice(0, vcpus).map((item, index): VcpuInput => {
    const cpus = readCpuList(item, labels);
    if (Array.isArray(cpus)) return cpus.length === labels.length ? {} : { affinity: cpus };
    // One text for all vCPUs is told of once.
    if (!told.has(item))
      tell(config, value.kind === "list" ? `cpus[${index}]` : "cpus", item, cpus as CpuProblem, labels);
    told.add(item);
    return {};
  });
  return found.slice(0, found.findLastIndex(({ affinity }) => affinity !== undefined) + 1);
}

type CpuProblem = "nodes" | "wrong" | "none";
export type CpuList = readonly string[] | CpuProblem;

export function tell(
  config: Configuration,
  name: string,
  value: Value,
  problem: CpuProblem,
  labels: readonly string[],
): void {
  const last = labels.length - 1;
  if (problem === "nodes") config.passOver(name, "NUMA nodes are not known here: list their CPUs", value.at);
  else if (problem === "none") config.refuse(name, value, "a list that leaves a CPU");
  else config.refuse(name, value, `a list of CPUs from 0 to ${last}, such as "0-2,^1" or "all"`);
}

/** "0-3,5,^1": labels of the CPUs in the board's order. */
export function readCpuList(value: Value, labels: readonly string[]): CpuList {
  if (value.kind === "list") return "wrong";
  const chosen = new Set<number>();
  const excluded = new Set<number>();
  for (const part of value.text.split(",")) {
    const trimmed = part.trim();
    const not = trimmed.startsWith("^");
    const text = not ? trimmed.slice(1).trim() : trimmed;
    if (/^nodes?:/.test(text)) return "nodes";
    const range = rangeOf(text, labels.length);
    if (range === undefined) return "wrong";
    for (let cpu = range[0]; cpu <= range[1]; cpu++) (not ? excluded : chosen).add(cpu);
  }
  const cpus = labels.filter((_, cpu) => chosen.has(cpu) && !excluded.has(cpu));
  return cpus.length === 0 ? "none" : cpus;
}

function rangeOf(text: string, count: number): readonly [number, number] | undefined {
  if (text === "all") return [0, count - 1];
  const [, first = "", last = first] = /^(\d{1,4})(?: ?- ?(\d{1,4}))?$/.exec(text) ?? [];
  const [from, to] = [Number(first), Number(last)];
  return first !== "" && from <= to && to < count ? [from, to] : undefined;
}
