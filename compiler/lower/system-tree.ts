import type { DeviceTree, Node, Property } from "dtc-js";
import {
  addNode,
  allocatePhandle,
  cells,
  cells64,
  decode,
  empty,
  findNode,
  node,
  phandleOf,
  property,
  setProperty,
  strings,
  walk,
} from "dtc-js";
import { KiB, hex } from "../base/units.ts";
import { invariant } from "../base/invariant.ts";
import { rollbackProperty } from "../ir/plan.ts";
import type { PlacedDomain, PlacedModule, PlacedSystem } from "../ir/placed.ts";
import type { ResolvedPool, ResolvedSystem } from "../ir/resolved.ts";
import { channelEnds, portNodes, viewNodes } from "./links.ts";
import { freeNodeName } from "./node-name.ts";
import { optionProperties } from "./options.ts";
import { reservationProperties, scheduleProperties, vcpuNodes } from "./scheduling.ts";
import { staticHeapProperty } from "./static-heap.ts";
import { storeNode } from "./store.ts";

/**
 * The board's own tree with everything in /chosen that Xen's bindings ask for
 * (xen/docs/misc/arm/device-tree/booting.txt, cpupools.txt; release 4.17).
 */
export function systemTree(placed: PlacedSystem): DeviceTree {
  const { resolved } = placed;
  const decoded = decode(resolved.board.deviceTree);
  invariant(decoded.ok, "the board's device tree, which RESOLVE has read, to decode");
  const marked = resolved.domains
    .flatMap(({ passthrough }) => passthrough?.devices ?? [])
    .reduce((tree, { path }) => (path === undefined ? tree : markAssigned(tree, path)), decoded.value);
  const withCpus = resolved.cpupools
    .flatMap(({ cpus }) => cpus)
    .reduce((tree, cpu) => allocatePhandle(tree, cpu.path).tree, marked);
  const freePhandle = freePhandles(withCpus);
  const pools = resolved.cpupools.map((pool) => ({ pool, phandle: freePhandle() }));
  const ends = channelEnds(placed, freePhandle);
  const modulesOf = (owner: string): readonly PlacedModule[] => placed.modules.filter(({ domain }) => domain === owner);
  const chosen = findNode(withCpus, "/chosen");
  return addNode(
    withCpus,
    "/",
    node("chosen", {
      labels: chosen?.labels.map(({ name }) => name) ?? [],
      properties: [...(chosen?.properties ?? []).filter(isKept), ...chosenProperties(resolved, withCpus)],
      children: [
        ...modulesOf("hypervisor").map((module) => moduleNode(module, undefined)),
        ...pools.map(({ pool, phandle }) => poolNode(pool, poolNodeName(pool, resolved), phandle, withCpus)),
        ...placed.domains.map((domain) =>
          domainNode(
            domain,
            modulesOf(domain.resolved.name),
            pools.find(({ pool }) => pool.name === domain.resolved.pool?.name)?.phandle,
            [
              ...vcpuNodes(domain.resolved, resolved),
              ...viewNodes(placed, domain.resolved.name),
              ...portNodes(domain.resolved.name, ends),
            ],
          ),
        ),
        ...storeNode(placed),
      ],
    }),
  );
}

/** Xen docs/misc/arm/device-tree/passthrough.txt: no dom0 is to touch it. */
const markAssigned = (tree: DeviceTree, path: string): DeviceTree =>
  setProperty(tree, path, property("xen,passthrough", empty));

/** The highest phandles are the likeliest to be free; 0 and 0xffffffff are none (Devicetree Specification, 2.3.3). */
const highestPhandle = 0xffff_fffe;

/** One phandle after the other, from the highest down, that no node of the tree has. */
function freePhandles(tree: DeviceTree): () => number {
  const used = new Set([...walk(tree)].map(({ node }) => phandleOf(node)));
  let candidate = highestPhandle;
  return () => {
    while (used.has(candidate)) candidate--;
    return candidate--;
  };
}

/**
 * Of the board's own /chosen: the console and the seeds. All else there was meant for another boot: bootargs and
 * initrd of the vendor's Linux, modules and domains of another Xen, in other cell sizes and under names like ours.
 */
const kept = new Set(["stdout-path", "rng-seed", "kaslr-seed"]);
const isKept = ({ name }: Property): boolean => kept.has(name);

function chosenProperties({ hypervisor, rollbackIndex }: ResolvedSystem, tree: DeviceTree): readonly Property[] {
  const { bootargs, staticHeap } = hypervisor;
  return [
    property("#address-cells", cells(2)),
    property("#size-cells", cells(2)),
    // Empty too: without it Xen takes `bootargs`, which a boot loader may add, for its own.
    property("xen,xen-bootargs", strings(bootargs)),
    ...(staticHeap.length === 0 ? [] : [staticHeapProperty(tree, staticHeap)]),
    // Our own: upstream Xen passes over it.
    ...(rollbackIndex === 0 ? [] : [property(rollbackProperty, cells(rollbackIndex))]),
  ];
}

/** Xen names pools by number, so the node's name only has to differ from the domains' beside it. */
const poolNodeName = (pool: ResolvedPool, system: ResolvedSystem): string =>
  freeNodeName(`cpupool-${pool.name}`, system);

function poolNode(pool: ResolvedPool, name: string, phandle: number, tree: DeviceTree): Node {
  const handles = pool.cpus.map((cpu) => {
    const found = findNode(tree, cpu.path);
    const handle = found && phandleOf(found);
    invariant(handle !== undefined, `a phandle for ${cpu.path}`);
    return handle;
  });
  return node(name, {
    properties: [
      property("compatible", strings("xen,cpupool")),
      property("cpupool-cpus", cells(...handles)),
      ...(pool.scheduler === undefined ? [] : [property("cpupool-sched", strings(pool.scheduler))]),
      ...(pool.schedule ? scheduleProperties(pool.schedule) : []),
      property("phandle", cells(phandle)),
    ],
  });
}

function domainNode(
  { resolved }: PlacedDomain,
  modules: readonly PlacedModule[],
  pool: number | undefined,
  links: readonly Node[],
): Node {
  const { memory } = resolved;
  const banks = memory.kind === "static" ? memory.banks : [];
  const size = memory.kind === "sized" ? memory.size : banks.reduce((sum, bank) => sum + bank.size, 0);
  return node(resolved.name, {
    properties: [
      property("compatible", strings("xen,domain")),
      property("#address-cells", cells(2)),
      property("#size-cells", cells(2)),
      // In KiB, the only unit of the binding.
      property("memory", cells64(size / KiB(1))),
      property("cpus", cells(resolved.cpus)),
      ...(resolved.vpl011 ? [property("vpl011", empty)] : []),
      ...(banks.length === 0
        ? []
        : [property("xen,static-mem", cells64(...banks.flatMap((bank) => [bank.start, bank.size])))]),
      ...(resolved.directMap ? [property("direct-map", empty)] : []),
      ...(pool === undefined ? [] : [property("domain-cpupool", cells(pool))]),
      ...(resolved.enhanced === undefined ? [] : [property("xen,enhanced", strings(resolved.enhanced))]),
      ...optionProperties(resolved),
      // Ours: upstream leaves what follows to a toolstack, and passes over what it does not know.
      ...(resolved.weight === undefined ? [] : [property("xenimg,weight", cells(resolved.weight))]),
      ...(resolved.cap === undefined ? [] : [property("xenimg,cap", cells(resolved.cap))]),
      ...reservationProperties(resolved.rtds),
      ...Object.entries(resolved.onShutdown).map(([reason, action]) =>
        property(`xenimg,on-${reason}`, strings(action)),
      ),
    ],
    children: [...modules.map((module) => moduleNode(module, resolved.bootargs)), ...links],
  });
}

/** Xen docs/misc/arm/device-tree/booting.txt. */
const moduleKinds = {
  kernel: "multiboot,kernel",
  ramdisk: "multiboot,ramdisk",
  passthrough: "multiboot,device-tree",
  "xsm-policy": "xen,xsm-policy",
} as const;

function moduleNode({ kind, at }: PlacedModule, bootargs: string | undefined): Node {
  return node(`module@${hex(at.start).slice(2)}`, {
    properties: [
      property("compatible", strings(moduleKinds[kind], "multiboot,module")),
      property("reg", cells64(at.start, at.size)),
      ...(kind === "kernel" && bootargs !== undefined ? [property("bootargs", strings(bootargs))] : []),
    ],
  });
}
