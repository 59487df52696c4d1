import type { DomainInput } from "../../config/input.ts";
import type { BoardTree } from "../board-tree.ts";
import type { ImportedDomain } from "../system.ts";
import type { Configuration } from "./configuration.ts";
import { readAffinities } from "./cpus.ts";
import { domainMemory } from "./memory.ts";
import { domainOptions } from "./options.ts";

export interface DomainContext {
  readonly config: Configuration;
  readonly board: BoardTree;
  /** Names of the pools, by number. */
  readonly pools: ReadonlyMap<number, string>;
  readonly pathFor: (path: string) => string;
}

/** Domain `index` of the file; undefined where it has no kernel, which is told at `NUM_DOMUS`. */
export function readDomain(index: number, context: DomainContext): DomainInput | undefined {
  const { config, board, pathFor } = context;
  const kernel = config.get("DOMU_KERNEL", index);
  const ramdisk = config.get("DOMU_RAMDISK", index);
  const console = config.flag("DOMU_VPL011", index) ?? true;
  // A guest with a console gets it as Linux's, where nothing else is said.
  const command = config.get("DOMU_CMD", index)?.value ?? (console ? "console=ttyAMA0" : "");
  const cpus = config.number("DOMU_VCPUS", [index], [1, 128]) ?? 1;
  const vcpus = readAffinities(config, index, cpus, board);
  const domain: Partial<ImportedDomain> = {
    ...(kernel && { kernel: pathFor(kernel.value) }),
    ...(ramdisk && { ramdisk: pathFor(ramdisk.value) }),
    ...(command.trim() !== "" && { bootargs: command }),
    ...(cpus > 1 && { cpus }),
    ...pool(index, context),
    ...domainMemory(config, index),
    ...(!console && { console: "none" as const }),
    ...enhanced(config, index),
    ...passthrough(index, context),
    ...(vcpus.length > 0 && { vcpus }),
    ...domainOptions(config, index),
  };
  return kernel && (domain as DomainInput);
}

function pool(index: number, { config, pools }: DomainContext): Pick<DomainInput, "pool"> {
  const number = pools.size === 0 ? undefined : config.number("DOMU_CPUPOOL", [index], [0, pools.size - 1]);
  const name = number === undefined ? undefined : pools.get(number);
  const setting = config.get("DOMU_CPUPOOL", index);
  if (pools.size === 0 && setting !== undefined)
    config.refuse(setting, "the number of a pool: NUM_CPUPOOLS says of none");
  return name === undefined ? {} : { pool: name };
}

/** 2, from 2024 on, is "no-xenstore". */
function enhanced(config: Configuration, index: number): Pick<DomainInput, "enhanced"> {
  const value = config.number("DOMU_ENHANCED", [index], [0, 2]) ?? 0;
  return value === 0 ? {} : { enhanced: value === 1 ? true : "no-xenstore" };
}

/** A partial device tree of one's own, or the paths that one is made of. */
function passthrough(index: number, { config, pathFor }: DomainContext): Pick<DomainInput, "passthrough"> {
  const blob = config.get("DOMU_PASSTHROUGH_DTB", index);
  const paths = config.get("DOMU_PASSTHROUGH_PATHS", index);
  if (blob && paths)
    config.passOver(
      paths,
      "the partial device tree in DOMU_PASSTHROUGH_DTB says which devices are assigned, by xen,path",
    );
  if (blob) return { passthrough: pathFor(blob.value) };
  const list = paths?.value.trim().split(/\s+/).filter(Boolean) ?? [];
  return list.length === 0 ? {} : { passthrough: list };
}
