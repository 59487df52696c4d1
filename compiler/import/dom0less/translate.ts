import { basename } from "node:path";
import type { DeviceTree, Node } from "dtc-js";
import { decode, encode, findNode } from "dtc-js";
import { diagnose } from "../../diagnostics/catalogue.ts";
import type { Outcome } from "../../diagnostics/diagnostic.ts";
import { rollbackProperty } from "../../ir/plan.ts";
import type { BoardTree } from "../board-tree.ts";
import { boardTree } from "../board-tree.ts";
import type { FileRequest } from "../request.ts";
import type { ImportedSystem } from "../system.ts";
import { Blob, isCompatible, nameOf, widthsOf } from "./blob.ts";
import type { ModuleKind } from "./domain.ts";
import { readDomain } from "./domain.ts";
import { readEventChannels, readSharedMemory } from "./links.ts";
import { phandleOfPool, poolName, readPool } from "./pools.ts";
import { readStore } from "./store.ts";

const calledBy = { kernel: "kernel", ramdisk: "ramdisk", passthrough: "partial device tree" } as const;

/** A dom0less device tree as a system; the board is what is left of it without /chosen. */
export async function importDom0less(request: FileRequest): Promise<Outcome<ImportedSystem>> {
  const unusable = (reason: string): Outcome<ImportedSystem> => ({
    diagnostics: [diagnose("XI2201", { file: request.name, reason })],
  });
  const decoded = decode(request.bytes);
  if (!decoded.ok) return unusable(decoded.diagnostics[0].message);
  const path = request.pathFor(basename(request.file));
  const read = boardTree(encode(withoutMarks(decoded.value)), path, request.recognise);
  if ("reason" in read) return unusable(read.reason);
  const blob = new Blob(decoded.value);
  const files = new Map<string, string>();
  const system = translate(blob, read.tree, (domain, kind) => {
    const file = kind === "passthrough" ? `domains/${domain}/passthrough.dtb` : `modules/${domain}-${kind}`;
    files.set(file, kind === "xsm-policy" ? "the XSM policy" : `the ${calledBy[kind]} of "${domain}"`);
    return request.pathFor(file);
  });
  const missing = await Promise.all(
    [...files].map(async ([file, what]) => {
      const { kind } = await request.readFile(file);
      return kind === "ok" ? [] : [diagnose("XI2221", { what, path: request.pathFor(file) })];
    }),
  );
  const diagnostics = [...blob.diagnostics, ...missing.flat()];
  const failed = diagnostics.some(({ severity }) => severity === "error");
  return failed ? { diagnostics } : { value: system, diagnostics };
}

function translate(
  blob: Blob,
  board: BoardTree,
  moduleFile: (domain: string, kind: ModuleKind | "xsm-policy") => string,
): ImportedSystem {
  const chosen = findNode(blob.tree, "/chosen");
  const children = chosen?.children ?? [];
  const domains = children.filter((node) => isCompatible(node, "xen,domain"));
  const pools = children.filter((node) => isCompatible(node, "xen,cpupool"));
  const store = children.find((node) => isCompatible(node, "xenimg,xenstore"));
  const policy = children.find((node) => isCompatible(node, "xen,xsm-policy"));
  for (const node of children)
    if (!domains.includes(node) && !pools.includes(node) && node !== policy && node !== store)
      blob.passOver(`"${node.name}" of /chosen`, "a system has domains of its own, and no dom0 or other modules");
  if (domains.length === 0)
    blob.diagnostics.push(diagnose("XI2209", { name: "/chosen", why: "it has no node xen,domain" }));
  const rollbackIndex = chosen && blob.number(chosen, rollbackProperty);
  const context = {
    blob,
    moduleFile,
    labels: board.labels,
    pools: new Map(pools.map((node) => [phandleOfPool(node), poolName(node)])),
  };
  return {
    board: board.board,
    ...(rollbackIndex !== undefined && { rollbackIndex }),
    ...(chosen && {
      hypervisor: {
        ...readHypervisor(blob, chosen),
        ...(policy && { xsmPolicy: moduleFile("hypervisor", "xsm-policy") }),
      },
    }),
    cpupools: Object.fromEntries(pools.map((node) => [poolName(node), readPool(blob, node, board)])),
    domains: Object.fromEntries(
      domains.flatMap((node) => {
        const domain = readDomain(node, context);
        return domain ? [[nameOf(node), domain]] : [];
      }),
    ),
    sharedMemory: readSharedMemory(blob, domains),
    eventChannels: readEventChannels(blob, domains),
    ...(store && { pv: readStore(blob, store, domains) }),
  };
}

/** Xen takes `bootargs` for its own where its own property is missing and there is no dom0 to have them. */
function readHypervisor(blob: Blob, chosen: Node): NonNullable<ImportedSystem["hypervisor"]> {
  const bootargs = blob.text(chosen, "xen,xen-bootargs") ?? blob.text(chosen, "bootargs");
  const heap = blob.has(chosen, "xen,static-heap")
    ? blob.pairs(chosen, "xen,static-heap", widthsOf(blob, blob.tree.root))
    : [];
  const regions = heap.map(([at, size]) => ({ at, size }));
  const [first, ...rest] = regions;
  return { ...(bootargs !== undefined && { bootargs }), ...(first && { heap: rest.length === 0 ? first : regions }) };
}

/** Without what was marked for one system: no profile has it. */
function withoutMarks({ root, ...tree }: DeviceTree): DeviceTree {
  const plain = (node: Node): Node => ({
    ...node,
    properties: node.properties.filter(({ name }) => name !== "xen,passthrough"),
    children: node.children.map(plain),
  });
  return { ...tree, root: plain(root) };
}
