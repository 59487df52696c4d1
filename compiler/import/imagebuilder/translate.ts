import type { SourceFile } from "dtc-js";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Outcome } from "../../diagnostics/diagnostic.ts";
import type { BoardTree } from "../board-tree.ts";
import { boardTree } from "../board-tree.ts";
import type { FileRequest } from "../request.ts";
import { readAssignments } from "../shell/read.ts";
import type { ImportedSystem } from "../system.ts";
import type { Setting } from "./configuration.ts";
import { Configuration } from "./configuration.ts";
import { readPools } from "./cpus.ts";
import { readDomain } from "./domain.ts";
import { readHypervisor } from "./hypervisor.ts";
import type { Numbered } from "./links.ts";
import { readEventChannels, readSharedMemory } from "./links.ts";
import { namesOf } from "./names.ts";

/** More than any board has; a slip of the keyboard is not to take for ever. */
const mostDomains = 4096;

/** An ImageBuilder configuration as a system. */
export async function importImageBuilder(source: SourceFile, request: FileRequest): Promise<Outcome<ImportedSystem>> {
  const { value: assignments, diagnostics } = readAssignments(source);
  if (assignments === undefined) return { diagnostics };
  const config = new Configuration(source, assignments);
  const board = await readBoard(config, request);
  const system = board && translate(config, board, request);
  const found = [...diagnostics, ...config.diagnostics];
  const failed = found.some(({ severity }) => severity === "error");
  return system === undefined || failed ? { diagnostics: found } : { value: system, diagnostics: found };
}

async function readBoard(config: Configuration, request: FileRequest): Promise<BoardTree | undefined> {
  const setting = config.get("DEVICE_TREE");
  if (setting === undefined) {
    const why = "the board is read from its device tree; U-Boot's own, $fdtcontroladdr, is not at hand";
    config.diagnostics.push(diagnose("XI2209", { name: "DEVICE_TREE", why }));
    return undefined;
  }
  const answer = await request.readFile(setting.value);
  if (answer.kind !== "ok") {
    const params = { what: "the device tree", path: setting.value };
    if (answer.kind === "missing") config.tell("XI2001", params, setting.at);
    else config.tell("XI2002", { ...params, reason: answer.reason }, setting.at);
    return undefined;
  }
  const windowStart = config.number("MEMORY_START", [], [0, 2 ** 52]);
  const read = boardTree(answer.bytes, request.pathFor(setting.value), request.recognise, windowStart);
  if ("tree" in read) return read.tree;
  config.tell("XI2201", { file: setting.value, reason: read.reason }, setting.at);
  return undefined;
}

function translate(config: Configuration, board: BoardTree, { pathFor }: FileRequest): ImportedSystem {
  const count = config.number("NUM_DOMUS", [], [0, mostDomains]) ?? 0;
  const poolCount = config.number("NUM_CPUPOOLS", [], [0, mostDomains]) ?? 0;
  const pools = namesOf(config, "XENIMG_CPUPOOL_NAME", "pool", [...Array(poolCount).keys()]);
  const cpupools = readPools(config, pools, board);
  const taken = takenOver(config, count);
  const domains = taken.flatMap((each) => {
    const domain = readDomain(each.index, { config, board, pools, pathFor });
    return domain ? [[each.name, domain] as const] : [];
  });
  tellMissing(config, taken, domains.length);
  tellNumbers(config, taken);
  const colored = domains.some(([, { llcColors }]) => llcColors !== undefined);
  const system: ImportedSystem = {
    board: board.board,
    hypervisor: readHypervisor(config, board, colored),
    cpupools,
    domains: Object.fromEntries(domains),
    sharedMemory: readSharedMemory(config, taken),
    eventChannels: readEventChannels(config, taken),
  };
  config.tellTheRest({ domain: ["NUM_DOMUS", count], pool: ["NUM_CPUPOOLS", poolCount] });
  return system;
}

/** Those that boot with the hypervisor. */
function takenOver(config: Configuration, count: number): readonly Numbered[] {
  const numbers = [...Array(count).keys()].filter((index) => {
    const later: Setting | undefined =
      config.flag("DOMU_NOBOOT", index) === true ? config.get("DOMU_NOBOOT", index) : config.get("DOMU_ROOTFS", index);
    if (later === undefined) return true;
    config.passOver(later, `domain ${index} is not there at boot, a toolstack starts it later; it is left out`);
    return false;
  });
  return [...namesOf(config, "XENIMG_DOMU_NAME", "domU", numbers)].map(([index, name]) => ({ index, name }));
}

function tellMissing(config: Configuration, taken: readonly Numbered[], found: number): void {
  if (taken.length === 0)
    config.diagnostics.push(diagnose("XI2209", { name: "NUM_DOMUS", why: "a system has one domain at least" }));
  if (found === taken.length) return;
  for (const { index } of taken)
    if (config.get("DOMU_KERNEL", index) === undefined) {
      const params = { name: `DOMU_KERNEL[${index}]`, why: "a domain has a kernel" };
      const counted = config.get("NUM_DOMUS");
      if (counted) config.tell("XI2209", params, counted.at);
    }
}

/** Domains are numbered in their order, from 1. */
function tellNumbers(config: Configuration, taken: readonly Numbered[]): void {
  for (const [position, { index }] of taken.entries()) {
    const number = config.number("DOMU_DOMID", [index], [1, 32_767]);
    const setting = config.get("DOMU_DOMID", index);
    if (setting && number !== undefined && number !== position + 1)
      config.passOver(setting, `domains are numbered in their order, and this one is number ${position + 1}`);
  }
}
