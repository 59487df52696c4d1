import type { PoolInput } from "../../config/input.ts";
import type { Configuration } from "./configuration.ts";
import { readCpuList, tell } from "./cpus.ts";
import type { Named } from "./named.ts";
import { poolKeyOf } from "./named.ts";
import type { WhyNot } from "./options.ts";
import type { Value } from "./value.ts";

/** Options that a CPU pool's file has (xlcpupool.cfg(5)) are these alone; a domain's has others besides. */
export const poolOptions: Readonly<Record<string, WhyNot>> = {
  name: undefined,
  sched: undefined,
  cpus: undefined,
  nodes: "NUMA nodes are not known here: list their CPUs",
};

/** Whether a file describes a CPU pool, as `xl cpupool-create` reads it, and no domain. */
export const isPool = (names: readonly string[]): boolean =>
  names.some((name) => name !== "name") && names.every((name) => Object.hasOwn(poolOptions, name));

/**
 * Pools by their names in `board.ts`. Xen keeps the CPUs of no pool in Pool-0, where a domain is that names no other; it
 * is written out where the boot CPU, whose pool is the language's choice for such domains, is in another.
 */
export function readPools(
  files: readonly Named[],
  domains: readonly Named[],
  labels: readonly string[],
): Readonly<Record<string, PoolInput>> {
  const pools = files.flatMap(({ key, config }) => {
    const pool = readPool(config, labels);
    return pool ? [[key, pool] as const] : [];
  });
  const taken = new Set(pools.flatMap(([, { cpus }]) => cpus));
  const left = labels.filter((label) => !taken.has(label));
  const isNeeded = domains.some(({ config }) => (config.text("pool") ?? "Pool-0") === "Pool-0");
  const [boot] = labels;
  const isWritten = boot !== undefined && taken.has(boot) && left.length > 0 && isNeeded;
  return Object.fromEntries(isWritten ? [...pools, [keyOfRest(files), { cpus: left }]] : pools);
}

/** Pool-0 in `board.ts`, where the hypervisor may count it otherwise: a name that no other pool has. */
export function keyOfRest(files: readonly Named[]): string {
  let key = poolKeyOf("Pool-0");
  while (files.some((file) => file.key === key)) key += "-rest";
  return key;
}

/** Undefined where it has no CPUs that are known, which is told. */
function readPool(config: Configuration, labels: readonly string[]): PoolInput | undefined {
  const scheduler = config.word("sched", ["credit", "credit2", "null", "rtds"]);
  const value = config.value("cpus");
  if (value === undefined) {
    config.missing("cpus", "a pool has CPUs");
    return undefined;
  }
  const cpus = readCpuList(joined(value), labels);
  if (typeof cpus === "string") {
    tell(config, "cpus", value, cpus, labels);
    if (cpus === "nodes") config.missing("cpus", "a pool has CPUs");
    return undefined;
  }
  return { cpus, ...(scheduler && { scheduler }) };
}

/** ["2", "3"] is "2,3". */
function joined(value: Value): Value {
  if (value.kind !== "list") return value;
  const texts = value.items.map((item) => (item.kind === "list" ? "?" : item.text));
  return { kind: "text", text: texts.join(","), at: value.at };
}
