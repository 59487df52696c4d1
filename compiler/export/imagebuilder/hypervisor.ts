import { decode, encode, findNode } from "dtc-js";
import type { DeviceTree } from "dtc-js";
import { invariant } from "../../base/invariant.ts";
import { formatSize, hex } from "../../base/units.ts";
import type { ResolvedPool, ResolvedSystem } from "../../ir/resolved.ts";
import type { ExportRequest } from "../request.ts";
import { commandLine } from "./command-line.ts";
import type { Sheet } from "./sheet.ts";
import { loadWindow } from "./window.ts";

/** Where files may be loaded, what the board is, and what runs on it. */
export function writeHypervisor(sheet: Sheet, request: ExportRequest): void {
  const { found, needed } = loadWindow(request.placed);
  if (found) {
    sheet.set("MEMORY_START", hex(found.start));
    sheet.set("MEMORY_END", hex(found.end));
  } else sheet.tell("XI2252", { needed: formatSize(needed) }, ["board"]);

  sheet.paragraph();
  writeDeviceTree(sheet, request);
  sheet.setFile("XEN", request.hypervisor);
  const { bootargs, staticHeap, xsmPolicy } = request.placed.resolved.hypervisor;
  const place = ["hypervisor", "bootargs"];
  const usual = "without a text of its own ImageBuilder has sched=null and more in it";
  if (bootargs.trim() === "")
    sheet.tell("XI2251", { what: "an empty command line", name: "XEN_CMD", why: usual }, place);
  const dom0 = bootargs.split(/\s+/).filter((word) => word.startsWith("dom0"));
  if (dom0.length > 0) sheet.tell("XI2255", { words: dom0.join(" ") }, place);
  commandLine(sheet, "XEN_CMD", bootargs, { place });
  if (request.placed.resolved.rollbackIndex > 0)
    sheet.cannot("a rollback index", ["rollbackIndex"], "it writes none into the device tree");
  if (xsmPolicy) sheet.cannot("an XSM policy", ["hypervisor", "xsmPolicy"], "it loads none");
  if (staticHeap.length > 0)
    sheet.set("XEN_STATIC_HEAP", staticHeap.map(({ start, size }) => `${hex(start)} ${hex(size)}`).join(" "), {
      place: ["hypervisor", "heap"],
    });
}

/**
 * The file that `board.ts` names, which the board's firmware changes on the way as it does for any boot; or one beside
 * the text, where it names none, or where the file's /chosen has domains of another system.
 */
function writeDeviceTree(sheet: Sheet, { placed, stem, pathFor }: ExportRequest): void {
  const { profile, deviceTreePath } = placed.resolved.board;
  const decoded = decode(profile.deviceTree);
  invariant(decoded.ok, "the board's device tree, which RESOLVE has read, to decode");
  const clean = withoutSystem(decoded.value);
  if (deviceTreePath !== undefined && clean === decoded.value) {
    sheet.setFile("DEVICE_TREE", pathFor(deviceTreePath), { place: ["board", "deviceTree"] });
    return;
  }
  const name = `${stem}.dtb`;
  sheet.addFile(name, clean === decoded.value ? profile.deviceTree : encode(clean));
  sheet.setFile("DEVICE_TREE", name);
}

/** The same tree where /chosen has nothing that the hypervisor would read beside what ImageBuilder adds. */
function withoutSystem(tree: DeviceTree): DeviceTree {
  const chosen = findNode(tree, "/chosen");
  if (chosen === undefined) return tree;
  const properties = chosen.properties.filter(({ name }) => !name.startsWith("xen,"));
  if (chosen.children.length === 0 && properties.length === chosen.properties.length) return tree;
  const children = tree.root.children.map((child) =>
    child === chosen ? { ...chosen, properties, children: [] } : child,
  );
  return { ...tree, root: { ...tree.root, children } };
}

/** CPUPOOL[n]: names of nodes in /cpus, and a scheduler. */
export function writePools(sheet: Sheet, { cpupools }: ResolvedSystem): void {
  if (cpupools.length === 0) return;
  sheet.paragraph();
  sheet.set("NUM_CPUPOOLS", cpupools.length);
  for (const [index, pool] of cpupools.entries()) writePool(sheet, pool, index);
}

function writePool(sheet: Sheet, { name, cpus, scheduler, schedule }: ResolvedPool, index: number): void {
  if (name !== `pool${index}`) sheet.set("XENIMG_CPUPOOL_NAME", name, { index: [index] });
  const nodes = cpus.map(({ path }) => path.slice(path.lastIndexOf("/") + 1)).join(",");
  sheet.set("CPUPOOL", scheduler === undefined ? nodes : `${nodes} ${scheduler}`, { index: [index] });
  if (schedule)
    sheet.cannot(`the schedule of pool "${name}"`, ["cpupools", name, "schedule"], "it knows no table of windows");
}
