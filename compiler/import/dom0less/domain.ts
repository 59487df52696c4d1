import type { Node } from "dtc-js";
import { KiB } from "../../base/units.ts";
import type { DomainInput, VcpuInput } from "../../config/input.ts";
import type { Blob } from "./blob.ts";
import { isCompatible, nameOf, widthsOf } from "./blob.ts";
import { grantProperties, optionReaders, readGrants, readReservation, reservationProperties } from "./options.ts";

export interface DomainContext {
  readonly blob: Blob;
  /** Labels of the board's CPUs, the boot CPU first. */
  readonly labels: readonly string[];
  /** Names of pools by the phandles of their nodes. */
  readonly pools: ReadonlyMap<number, string>;
  /** What `board.ts` calls the file of a module. */
  readonly moduleFile: (domain: string, kind: ModuleKind) => string;
}

const moduleKinds = {
  "multiboot,kernel": "kernel",
  "multiboot,ramdisk": "ramdisk",
  "multiboot,device-tree": "passthrough",
} as const;
export type ModuleKind = (typeof moduleKinds)[keyof typeof moduleKinds];

const readHere = new Set([
  ...["compatible", "#address-cells", "#size-cells", "memory", "cpus", "vpl011", "direct-map", "xen,static-mem"],
  ...["domain-cpupool", "phandle", ...grantProperties, ...reservationProperties, ...Object.keys(optionReaders)],
]);

/** A node `xen,domain`; undefined where it has no kernel or no memory, which is told. */
export function readDomain(node: Node, context: DomainContext): DomainInput | undefined {
  const { blob } = context;
  for (const { name } of node.properties)
    if (!readHere.has(name)) blob.passOver(`"${name}" of ${node.name}`, "import does not know the property");
  const memory = readMemory(node, blob);
  const modules = readModules(node, context);
  const cpus = blob.number(node, "cpus") ?? 1;
  const pool = context.pools.get(blob.number(node, "domain-cpupool") ?? 0);
  const vcpus = readVcpus(node, context);
  if (memory === undefined || modules.kernel === undefined) return undefined;
  return {
    kernel: modules.kernel,
    ...modules,
    ...(cpus !== 1 && { cpus }),
    ...(pool !== undefined && { pool }),
    memory,
    ...(blob.has(node, "direct-map") && { directMap: true }),
    ...(!blob.has(node, "vpl011") && { console: "none" as const }),
    ...options(node, blob),
    ...readGrants(blob, node),
    ...readReservation(blob, node),
    ...(vcpus.length > 0 && { vcpus }),
  };
}

const options = (node: Node, blob: Blob): Partial<DomainInput> =>
  node.properties
    .map(({ name }) => (Object.hasOwn(optionReaders, name) ? optionReaders[name]?.(blob, node, name) : undefined))
    .reduce<Partial<DomainInput>>((all, fields) => ({ ...all, ...fields }), {});

/** Static banks, or `memory` in KiB. */
function readMemory(node: Node, blob: Blob): DomainInput["memory"] | undefined {
  const banks = blob.has(node, "xen,static-mem") ? blob.pairs(node, "xen,static-mem", widthsOf(blob, node)) : [];
  if (banks.length > 0) return banks.map(([at, size]) => ({ at, size }));
  const [high = 0, low] = blob.cells(node, "memory") ?? [];
  const count = low === undefined ? high : high * 2 ** 32 + low;
  if (count > 0 && count <= 2 ** 42) return KiB(count);
  blob.refuse(node, "memory", "a number of KiB");
  return undefined;
}

interface Modules {
  kernel?: string;
  ramdisk?: string;
  bootargs?: string;
  passthrough?: string;
}

function readModules(node: Node, { blob, moduleFile }: DomainContext): Modules {
  const found: Modules = {};
  for (const child of node.children) {
    const kind = Object.entries(moduleKinds).find(([compatible]) => isCompatible(child, compatible))?.[1];
    if (kind === undefined) {
      if (!readElsewhere.some((compatible) => isCompatible(child, compatible)))
        blob.passOver(`"${child.name}" of ${node.name}`, "import does not know the node");
      continue;
    }
    found[kind] = moduleFile(nameOf(node), kind);
    const bootargs = kind === "kernel" ? blob.text(child, "bootargs") : undefined;
    if (bootargs !== undefined) found.bootargs = bootargs;
  }
  if (found.kernel === undefined) blob.refuse(node, "multiboot,kernel", "a module");
  return found;
}

const readElsewhere = ["xen,vcpu", "xen,domain-shared-memory-v1", "xen,evtchn-v1"];

function readVcpus(node: Node, { blob, labels }: DomainContext): readonly VcpuInput[] {
  const vcpus: VcpuInput[] = [];
  for (const child of node.children.filter((each) => isCompatible(each, "xen,vcpu"))) {
    const id = blob.number(child, "id");
    const list = blob.text(child, "hard-affinity");
    const affinity = list?.split(",").flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split("-").map(Number);
      return labels.slice(first, last + 1);
    });
    if (id === undefined || id > 127) blob.refuse(child, "id", "the number of a vCPU");
    else vcpus[id] = { ...(affinity && affinity.length > 0 && { affinity }), ...readReservation(blob, child) };
  }
  return Array.from(vcpus, (vcpu: VcpuInput | undefined) => vcpu ?? {});
}
