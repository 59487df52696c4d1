import { diagnose } from "../../diagnostics/catalogue.ts";
import { hasErrors } from "../../diagnostics/collection.ts";
import type { Diagnostic, Outcome } from "../../diagnostics/diagnostic.ts";
import type { BoardTree } from "../board-tree.ts";
import { boardTree } from "../board-tree.ts";
import type { ImportRequest } from "../request.ts";
import type { ImportedSystem } from "../system.ts";
import { boardDevices } from "./board-devices.ts";
import { Configuration } from "./configuration.ts";
import { readDevices } from "./devices.ts";
import { readDomain } from "./domain.ts";
import { readLinks } from "./links.ts";
import { tellController } from "./gic.ts";
import type { Named, XlFile } from "./named.ts";
import { keyOf, named, poolKeyOf } from "./named.ts";
import { options } from "./options.ts";
import { isPool, keyOfRest, poolOptions, readPools } from "./pools.ts";
import { readOptions } from "./read.ts";
import { readSharedMemory } from "./shared-memory.ts";

/** Files that `xl create` takes, each a domain's, and files of CPU pools, as one system. */
export function importXl(files: readonly XlFile[], request: ImportRequest): Outcome<ImportedSystem> {
  const parsed = files.map((file) => ({ file, ...readOptions({ name: file.file, text: file.text }) }));
  const mistakes = parsed.flatMap(({ diagnostics }) => diagnostics);
  const board = readBoard(request);
  if (mistakes.length > 0 || "diagnostic" in board)
    return { diagnostics: [...mistakes, ...("diagnostic" in board ? [board.diagnostic] : [])] };
  const configurations = parsed.map(({ file, value: all = [] }) => ({
    file,
    config: new Configuration({ name: file.file, text: file.text }, all),
    isPool: isPool(all.map(({ name }) => name)),
  }));
  const pools = named(
    configurations.filter(({ isPool }) => isPool),
    poolKeyOf,
  );
  const domains = named(
    configurations.filter(({ isPool }) => !isPool),
    keyOf,
  );
  const system = translate(domains, pools, board.tree);
  for (const { config, isPool } of configurations) config.tellTheRest(isPool ? poolOptions : options);
  const found = configurations.flatMap(({ config }) => config.diagnostics);
  if (domains.length === 0 && !hasErrors(found))
    found.push(diagnose("XI2209", { name: "kernel", why: "a system has one domain at least, and a pool is none" }));
  return hasErrors(found) ? { diagnostics: found } : { value: system, diagnostics: found };
}

function readBoard({
  files,
  deviceTree,
  recognise,
}: ImportRequest): { readonly tree: BoardTree } | { readonly diagnostic: Diagnostic } {
  if (deviceTree === undefined) {
    const at = { line: 1, column: 1, offset: 0 };
    return { diagnostic: diagnose("XI2264", {}, { primary: { span: { file: files[0].file, start: at, end: at } } }) };
  }
  const read = boardTree(deviceTree.bytes, deviceTree.path, recognise);
  if ("tree" in read) return read;
  return { diagnostic: diagnose("XI2201", { file: deviceTree.name, reason: read.reason }) };
}

function translate(domains: readonly Named[], pools: readonly Named[], board: BoardTree): ImportedSystem {
  const cpupools = readPools(pools, domains, board.labels);
  const poolNames = new Map([["Pool-0", keyOfRest(pools)], ...pools.map(({ name, key }) => [name, key] as const)]);
  for (const [name, key] of poolNames) if (!Object.hasOwn(cpupools, key)) poolNames.delete(name);
  const names = new Map(domains.map(({ name, key }) => [name, key]));
  const devices = boardDevices(board.tree);
  const pv = domains.flatMap(({ config, key }) => readLinks({ config, frontend: key, names }));
  const ends = new Set(pv.flatMap(({ backend, frontend }) => [backend, frontend]));
  const found = domains.flatMap(({ config, key, file: { pathFor } }) => {
    tellController(config, board.tree);
    const assigned = readDevices(config, devices, pathFor);
    const domain = readDomain({ config, board, pools: poolNames, pathFor });
    // Links work by event channels, grants and XenStore.
    if (domain === undefined) return [];
    return [[key, { ...domain, ...assigned, ...(ends.has(key) && { enhanced: true }) }] as const];
  });
  return {
    board: board.board,
    cpupools,
    domains: Object.fromEntries(found),
    sharedMemory: readSharedMemory(domains.map(({ key, config }) => ({ name: key, config }))),
    pv,
  };
}
