import type { DeviceTree } from "dtc-js";
import { decode, walk } from "dtc-js";
import { invariant } from "../base/invariant.ts";
import { nearest } from "../base/suggest.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import { hasErrors } from "../diagnostics/collection.ts";
import type { ConfigPath, Diagnostic, Outcome } from "../diagnostics/diagnostic.ts";
import type { Board } from "../ir/board.ts";
import type { CheckedBoard, CheckedConfig, CheckedDomain, CheckedPool } from "../ir/checked.ts";
import type { AssignedDevices } from "../ir/devices.ts";
import type { Host } from "../ir/host.ts";
import type { BoardFacts, ResolvedDomain, ResolvedPool, ResolvedSystem } from "../ir/resolved.ts";
import type { Target } from "../ir/target.ts";
import { boardFacts } from "./board.ts";
import { clusterNamed } from "./clusters.ts";
import { hypervisorConsole } from "./console.ts";
import type { FileReader } from "./files.ts";
import { fileReader } from "./files.ts";
import type { HypervisorSource } from "./hypervisor.ts";
import { resolveHypervisor } from "./hypervisor.ts";
import { recogniseKernel } from "./kernel.ts";
import { resolvePassthrough } from "./passthrough/passthrough.ts";
import { strangers } from "./strangers.ts";
import { resolveVcpus } from "./vcpus.ts";

export interface ResolveOptions {
  readonly name: string;
  readonly target: Target;
  readonly hypervisor: HypervisorSource;
}

/** RESOLVE: each name points at a thing, each file has been read, the board is known from its tree. */
export async function resolveSystem(
  config: CheckedConfig,
  options: ResolveOptions,
  host: Host,
): Promise<Outcome<ResolvedSystem>> {
  const files = fileReader(host);
  const [board, image, xsmPolicy, ...domains] = await Promise.all([
    resolveBoard(config.board, files),
    resolveHypervisor(
      hypervisorFor(config, options.hypervisor),
      { target: options.target, hasLinks: config.pv.length > 0 },
      host,
    ),
    readPolicy(config, files),
    ...config.domains.map((domain) => readModules(domain, files)),
  ]);
  const tree = board.value && boardTree(board.value);
  const devices = await Promise.all(
    config.domains.map((domain): Promise<Outcome<AssignedDevices>> =>
      tree ? resolvePassthrough(domain, tree, files) : Promise.resolve({ diagnostics: [] }),
    ),
  );
  const pools = config.cpupools.map((pool) => resolvePool(pool, config.board, board.value));
  const joined = domains.map(({ domain, modules }, index) =>
    withDevices(joinPool(domain, modules, config, pools, board.value), devices[index]?.value),
  );
  const diagnostics = [board, image, ...pools, ...joined, ...devices].flatMap((each) => each.diagnostics);
  diagnostics.push(...files.diagnostics, ...strangers(config));
  if (board.value === undefined || image.value === undefined || hasErrors(diagnostics)) return { diagnostics };
  const system: ResolvedSystem = {
    name: options.name,
    target: options.target,
    board: withConsole(board.value, config.hypervisor.bootargs, options.target),
    rollbackIndex: config.rollbackIndex,
    hypervisor: {
      image: image.value,
      bootargs: config.hypervisor.bootargs,
      staticHeap: config.hypervisor.heap,
      ...(xsmPolicy && { xsmPolicy }),
    },
    cpupools: pools.map(({ value }) => value),
    domains: joined.flatMap(({ value }) => value ?? []),
    sharedMemory: config.sharedMemory,
    eventChannels: config.eventChannels,
    pv: config.pv,
  };
  return { value: system, diagnostics };
}

/** A system that needs no devices between domains gets the smaller core (docs/decisions/0012). */
const hypervisorFor = ({ pv }: CheckedConfig, source: HypervisorSource): HypervisorSource =>
  (pv.length > 0 ? source.withPv : undefined) ?? source;

async function readPolicy({ hypervisor: { xsmPolicy } }: CheckedConfig, files: FileReader) {
  if (xsmPolicy === undefined) return undefined;
  return files.read("the XSM policy", xsmPolicy, { path: ["hypervisor", "xsmPolicy"] });
}

async function resolveBoard(board: CheckedBoard, files: FileReader): Promise<Outcome<BoardFacts>> {
  const { deviceTree, ...rest } = board;
  if (typeof deviceTree !== "string") return boardFacts({ ...rest, deviceTree }, "the board's device tree");
  const file = await files.read("the device tree", deviceTree, { path: ["board", "deviceTree"] });
  if (file === undefined) return { diagnostics: [] };
  const profile: Board = { ...rest, deviceTree: file.bytes };
  const { value, diagnostics } = boardFacts(profile, `"${deviceTree}"`);
  return { ...(value && { value: { ...value, deviceTreePath: deviceTree } }), diagnostics };
}

function withConsole({ console: stdout, ...board }: BoardFacts, bootargs: string, target: Target): BoardFacts {
  const console = hypervisorConsole([...walk(boardTree(board))], bootargs, target);
  return { ...board, ...(stdout && { stdout: stdout.path }), ...(console && { console }) };
}

function boardTree(board: BoardFacts): DeviceTree {
  const decoded = decode(board.deviceTree);
  invariant(decoded.ok, "the board's device tree, which has been read, to decode");
  return decoded.value;
}

const withDevices = (
  { value, diagnostics }: Outcome<ResolvedDomain>,
  passthrough: AssignedDevices | undefined,
): Outcome<ResolvedDomain> =>
  value && passthrough ? { value: { ...value, passthrough }, diagnostics } : { ...(value && { value }), diagnostics };

type Solved = Required<Outcome<ResolvedPool>>;

function resolvePool(pool: CheckedPool, checked: CheckedBoard, board: BoardFacts | undefined): Solved {
  return typeof pool.cpus === "string"
    ? poolOfCluster(pool, pool.cpus, board)
    : poolOfLabels(pool, pool.cpus, checked, board);
}

function poolOfCluster(
  { name, scheduler, schedule }: CheckedPool,
  cluster: string,
  board: BoardFacts | undefined,
): Solved {
  const clusters = board?.clusters ?? [];
  const found = clusterNamed(cluster, clusters);
  const known = clusters.map((each) => each.name);
  const params = { cluster, board: board?.profile.name ?? "", known, nearest: nearest(cluster, known) };
  // Without the board, what is wrong with that has been said.
  const unknown = board !== undefined && found === undefined;
  return {
    value: { name, cpus: found?.cpus ?? [], scheduler, schedule },
    diagnostics: unknown ? [diagnose("XI3004", params, { primary: { path: ["cpupools", name, "cpus"] } })] : [],
  };
}

function poolOfLabels(
  pool: CheckedPool,
  wanted: readonly string[],
  { name, cpus: labels }: CheckedBoard,
  board: BoardFacts | undefined,
): Solved {
  const diagnostics: Diagnostic[] = [];
  for (const [index, cpu] of wanted.entries()) {
    if (labels.includes(cpu)) continue;
    const params = { cpu, board: name, known: labels, nearest: nearest(cpu, labels) };
    diagnostics.push(diagnose("XI3002", params, { primary: { path: ["cpupools", pool.name, "cpus", index] } }));
  }
  const cpus = wanted.flatMap((label) => board?.cpus.find((cpu) => cpu.label === label) ?? []);
  const value: ResolvedPool = { name: pool.name, cpus, scheduler: pool.scheduler, schedule: pool.schedule };
  return { value, diagnostics };
}

type Modules = Outcome<Pick<ResolvedDomain, "kernel" | "ramdisk">>;

async function readModules(domain: CheckedDomain, files: FileReader) {
  const place = (field: string): { path: ConfigPath } => ({ path: ["domains", domain.name, field] });
  const [file, ramdisk] = await Promise.all([
    files.read("the kernel", domain.kernel, place("kernel")),
    domain.ramdisk === undefined ? undefined : files.read("the ramdisk", domain.ramdisk, place("ramdisk")),
  ]);
  const kernel = file && recogniseKernel(file, place("kernel"));
  const value = kernel?.value && { kernel: kernel.value, ...(ramdisk && { ramdisk }) };
  const modules: Modules = { ...(value && { value }), diagnostics: kernel?.diagnostics ?? [] };
  return { domain, modules };
}

function joinPool(
  domain: CheckedDomain,
  modules: Modules,
  { board: checked, cpupools }: CheckedConfig,
  pools: readonly Outcome<ResolvedPool>[],
  board: BoardFacts | undefined,
): Outcome<ResolvedDomain> {
  const { pool: name, ...rest } = domain;
  const pool = pools.find(({ value }) => value?.name === name)?.value;
  const vcpus = resolveVcpus(domain, checked, board);
  const diagnostics = [...modules.diagnostics, ...vcpus.diagnostics];
  if (name !== undefined && pool === undefined) {
    const known = cpupools.map((each) => each.name);
    const params = { pool: name, known, nearest: nearest(name, known) };
    diagnostics.push(diagnose("XI3001", params, { primary: { path: ["domains", domain.name, "pool"] } }));
  }
  if (modules.value === undefined) return { diagnostics };
  // The files that were read take the places of their names.
  const fields: Omit<CheckedDomain, "pool" | "ramdisk" | "passthrough"> = rest;
  return { value: { ...fields, vcpus: vcpus.value, ...modules.value, ...(pool && { pool }) }, diagnostics };
}
