import type { HypervisorInput } from "../../config/input.ts";
import type { BoardTree } from "../board-tree.ts";
import type { Configuration } from "./configuration.ts";
import { readBanks } from "./memory.ts";
import { readColors } from "./options.ts";

/** XEN_CMD or what ImageBuilder makes of the other variables, in upstream Xen's spelling and without dom0's options. */
export function readHypervisor(config: Configuration, board: BoardTree, colored: boolean): HypervisorInput {
  const heap = config.get("XEN_STATIC_HEAP");
  const regions = heap && readBanks(config, heap);
  const [first, ...rest] = regions ?? [];
  return {
    bootargs: commandLine(config, board, colored),
    ...(first && { heap: rest.length === 0 ? first : [first, ...rest] }),
  };
}

function commandLine(config: Configuration, board: BoardTree, colored: boolean): string {
  const own = config.get("XEN_CMD");
  const xenColors = readColors(config, "XEN_COLORS");
  const words = own ? own.value.trim().split(/\s+/) : usualWords(board);
  const ofDom0 = words.filter((word) => word.startsWith("dom0"));
  if (own && ofDom0.length > 0)
    config.passOver({ ...own, name: ofDom0.join(" ") }, "a system has no dom0, only domains of its own");
  const kept = words.filter((word) => !word.startsWith("dom0"));
  const coloring =
    (colored || (!own && xenColors !== undefined)) && !kept.some((word) => word.startsWith("llc-coloring"));
  return [
    ...kept,
    ...(coloring ? ["llc-coloring=on"] : []),
    // ImageBuilder passes over it where XEN_CMD is set.
    ...(!own && xenColors !== undefined ? [`xen-llc-colors=${xenColors}`] : []),
  ].join(" ");
}

/** Without an alias "serial0" the console is that of stdout-path. */
const usualWords = ({ aliases }: BoardTree): readonly string[] => [
  "console=dtuart",
  ...(aliases.includes("serial0") ? ["dtuart=serial0"] : []),
  "bootscrub=0",
  "vwfi=native",
  "sched=null",
];
