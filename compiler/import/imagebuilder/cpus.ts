import { schedulers } from "../../config/input.ts";
import type { PoolInput, Scheduler, VcpuInput } from "../../config/input.ts";
import type { BoardTree } from "../board-tree.ts";
import type { Configuration, Setting } from "./configuration.ts";

/** CPUPOOL[n]: "cpu@1,cpu@2 null", names of nodes in /cpus and a scheduler, which may be left out. */
export function readPools(
  config: Configuration,
  names: ReadonlyMap<number, string>,
  board: BoardTree,
): Readonly<Record<string, PoolInput>> {
  const pools: Record<string, PoolInput> = {};
  for (const [index, name] of names) {
    const setting = config.get("CPUPOOL", index);
    const pool = setting && readPool(config, setting, board);
    if (pool !== undefined) pools[name] = pool;
  }
  return pools;
}

function readPool(config: Configuration, setting: Setting, board: BoardTree): PoolInput | undefined {
  const [names = "", scheduler, ...more] = setting.value.trim().split(/\s+/);
  const cpus = names.split(",").map((name) => board.labels[board.cpuNodes.indexOf(name)]);
  const known = cpus.filter((label) => label !== undefined);
  if (known.length !== cpus.length) {
    config.refuse(setting, `a list of the board's CPUs, which are ${board.cpuNodes.join(",")}`);
    return undefined;
  }
  if (scheduler === undefined) return { cpus: known };
  const found = schedulers.find((name) => name === scheduler);
  if (found === undefined || more.length > 0) {
    config.refuse(setting, `CPUs and one of ${schedulers.join(", ")}`);
    return undefined;
  }
  return { cpus: known, scheduler: found satisfies Scheduler };
}

/** DOMU_VCPU_HARD_AFFINITY[domain,vcpu]: "0-2,4", numbers of CPUs. */
export function readAffinities(
  config: Configuration,
  domain: number,
  vcpus: number,
  board: BoardTree,
): readonly VcpuInput[] {
  const found = Array.from({ length: vcpus }, (_, vcpu): VcpuInput => {
    const setting = config.get("DOMU_VCPU_HARD_AFFINITY", domain, vcpu);
    const affinity = setting && readAffinity(config, setting, board.labels);
    return affinity ? { affinity } : {};
  });
  return found.slice(0, found.findLastIndex(({ affinity }) => affinity !== undefined) + 1);
}

function readAffinity(
  config: Configuration,
  setting: Setting,
  labels: readonly string[],
): readonly string[] | undefined {
  const numbers = setting.value.trim().split(",").flatMap(rangeOf);
  const cpus = numbers.map((number) => labels[number]).filter((label) => label !== undefined);
  if (cpus.length === numbers.length) return cpus;
  config.refuse(setting, `a list of CPUs from 0 to ${labels.length - 1}, such as "0-2,4"`);
  return undefined;
}

/** "0-2" is 0, 1, 2; NaN where it is no range. No board has more CPUs than that. */
function rangeOf(text: string): readonly number[] {
  const [, first = "", last = first] = /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(text.trim()) ?? [];
  if (first === "" || Number(last) < Number(first)) return [Number.NaN];
  return Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index);
}
