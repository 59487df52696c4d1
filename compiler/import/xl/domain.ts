import { MiB } from "../../base/units.ts";
import type { DomainInput, ShutdownAction } from "../../config/input.ts";
import type { BoardTree } from "../board-tree.ts";
import type { Configuration } from "./configuration.ts";
import { readAffinities } from "./cpus.ts";
import { domainOptions } from "./options-of-domain.ts";

export interface DomainContext {
  readonly config: Configuration;
  readonly board: BoardTree;
  /** Names in `board.ts` of the pools that are imported, by their own. */
  readonly pools: ReadonlyMap<string, string>;
  readonly pathFor: (path: string) => string;
}

/** The domain of a file, but for its devices and links; undefined without kernel or memory, which is told. */
export function readDomain(context: DomainContext): DomainInput | undefined {
  const { config, board, pathFor } = context;
  tellType(config);
  const kernel = config.text("kernel");
  const ramdisk = config.text("ramdisk");
  const bootargs = commandLine(config);
  const cpus = vcpus(config);
  const memory = readMemory(config);
  const affinities = readAffinities(config, cpus, board.labels);
  if (config.lacks("kernel")) config.missing("kernel", "a domain has a kernel, which no boot loader finds for it");
  const common = {
    ...(ramdisk !== undefined && { ramdisk: pathFor(ramdisk) }),
    ...(bootargs !== undefined && { bootargs }),
    ...(cpus > 1 && { cpus }),
    ...pool(context),
  };
  const options = {
    ...scheduling(config),
    ...(affinities.length > 0 && { vcpus: affinities }),
    ...actions(config),
    ...domainOptions(config),
  };
  if (kernel === undefined || memory === undefined) return undefined;
  return { kernel: pathFor(kernel), ...common, memory: MiB(memory), ...options };
}

/** Arm has one kind of guest; "pv" was its name before Xen 4.10, and its guests are the same. */
function tellType(config: Configuration): void {
  if (config.word("type", ["pvh", "pv", "hvm"]) === "hvm")
    config.passOverOption("type", "Arm's guests are all of one type, as pvh's are");
}

/** `cmdline`, or else `root` and `extra` (xl.cfg(5), Direct Kernel Boot). */
function commandLine(config: Configuration): string | undefined {
  const whole = config.text("cmdline");
  const root = config.text("root");
  const extra = config.text("extra");
  if (whole === undefined)
    return [root === undefined ? [] : [`root=${root}`], extra ?? []].flat().join(" ") || undefined;
  for (const name of ["root", "extra"])
    if (config.text(name) !== undefined)
      config.passOverOption(name, "xl takes cmdline, and neither root nor extra with it");
  return whole;
}

function vcpus(config: Configuration): number {
  const cpus = config.number("vcpus", [1, 128]) ?? 1;
  const most = config.number("maxvcpus", [1, 128]) ?? cpus;
  if (most !== cpus)
    config.passOverOption("maxvcpus", `nobody adds vCPUs while a domain runs; the number is vcpus, here ${cpus}`);
  return cpus;
}

/** MiB. */
function readMemory(config: Configuration): number | undefined {
  const range = [1, 2 ** 22] as const;
  const memory = config.number("memory", range);
  const most = config.number("maxmem", range);
  if (!config.has("memory") && !config.has("maxmem")) config.missing("memory", "a domain has a number of MiB");
  if (memory !== undefined && most !== undefined && most !== memory)
    config.passOverOption("maxmem", `nobody gives a domain more memory while it runs; it has memory's ${memory} MiB`);
  return memory ?? most;
}

/** Pool-0 is the one that the hypervisor makes of all CPUs; so is the language's. */
function pool({ config, pools }: DomainContext): Pick<DomainInput, "pool"> {
  const wanted = config.text("pool") ?? "Pool-0";
  const known = pools.get(wanted);
  if (known !== undefined) return { pool: known };
  if (wanted !== "Pool-0")
    config.passOverOption("pool", "its CPUs are not said here; import the pool's own file, too (xlcpupool.cfg)");
  return {};
}

/** 256 is what a domain weighs anyway, and a cap of 0 is none. */
function scheduling(config: Configuration): Pick<DomainInput, "weight" | "cap"> {
  const weight = config.number("cpu_weight", [1, 65_535]) ?? 256;
  const cap = config.number("cap", [0, 3200]) ?? 0;
  return { ...(weight !== 256 && { weight }), ...(cap > 0 && { cap }) };
}

type Action = ShutdownAction | "rename-restart" | "coredump-destroy" | "coredump-restart" | "soft-reset";
const xlActions: readonly Action[] = [
  ...(["destroy", "restart", "preserve"] as const),
  ...(["rename-restart", "coredump-destroy", "coredump-restart", "soft-reset"] as const),
];

/** Options of events with what follows otherwise, which is the same in xl.cfg(5) and in the language. */
const events = [
  ["on_poweroff", "onPoweroff", "destroy"],
  ["on_reboot", "onReboot", "restart"],
  ["on_watchdog", "onWatchdog", "destroy"],
  ["on_crash", "onCrash", "destroy"],
] as const;

const instead: Readonly<Record<string, readonly [ShutdownAction, why: string]>> = {
  "rename-restart": ["restart", "nobody looks at a domain that is kept; it is restarted"],
  "coredump-destroy": ["destroy", "nobody writes a core dump; the domain is destroyed"],
  "coredump-restart": ["restart", "nobody writes a core dump; the domain is restarted"],
  "soft-reset": ["restart", "a domain starts anew as a whole; it is restarted"],
};

function actions(config: Configuration): Partial<DomainInput> {
  const found: Partial<Record<(typeof events)[number][1], ShutdownAction>> = {};
  for (const [option, field, usual] of events) {
    const action = config.word(option, xlActions) ?? usual;
    const [other, why] = instead[action] ?? [];
    if (why !== undefined) config.passOverOption(option, `"${action}" is not known here: ${why}`);
    const taken = other ?? (action as ShutdownAction);
    if (taken !== usual) found[field] = taken;
  }
  return found;
}
