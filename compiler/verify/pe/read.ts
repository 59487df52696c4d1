import type { DeviceTree } from "dtc-js";
import { decode } from "dtc-js";
import { printable } from "../../base/printable.ts";
import type { Range } from "../../base/ranges.ts";
import { contains } from "../../base/ranges.ts";
import type { LoadPlanEntry } from "../../codecs/pe/load-plan.ts";
import { decodeLoadPlan } from "../../codecs/pe/load-plan.ts";
import type { PeFile, PeSection } from "../../codecs/pe/read.ts";
import { readPe, sectionBytes } from "../../codecs/pe/read.ts";
import { readStubHeader } from "../../codecs/pe/stub.ts";
import { rangeList } from "../range-list.ts";
import { systemFacts } from "../system-facts.ts";

/** What image.efi holds. */
export interface EfiImage {
  readonly pe: PeFile;
  /** As the stub will read it. */
  readonly plan: readonly LoadPlanEntry[];
  readonly files: readonly EfiFile[];
  /** Of the device tree inside. */
  readonly tree: DeviceTree;
}

export interface EfiFile {
  readonly kind: "hypervisor" | "device tree" | "module";
  /** "ui/kernel" */
  readonly name: string;
  /** Where the stub copies it, in machine memory; `size` with what it needs beyond its bytes. */
  readonly at: Range<number>;
  readonly bytes: Uint8Array;
}

export type EfiRead =
  /** Not even a PE. */
  | { readonly kind: "not-a-pe" }
  /** A sound PE that another program made. */
  | { readonly kind: "foreign"; readonly pe: PeFile }
  | { readonly kind: "broken"; readonly reason: string }
  | { readonly kind: "efi"; readonly efi: EfiImage };

const names = [".text", ".rodata", ".plan"];

/**
 * Reads image.efi, trusting nothing in it. What is accepted has one form: stub, plan, and a section for each file that the plan
 * copies, in its order, whole; its device tree speaks of these modules and no others.
 */
export function readEfi(bytes: Uint8Array): EfiRead {
  const read = readPe(bytes);
  if (read.kind !== "pe") return read;
  const { pe } = read;
  const [text, , planSection] = pe.sections;
  const header = text && readStubHeader(sectionBytes(bytes, text));
  if (text === undefined || planSection === undefined || header === undefined) return { kind: "foreign", pe };
  const base = text.memory.start;
  if (names.some((name, index) => pe.sections[index]?.name !== name)) return broken("its sections are not a stub's");
  if (pe.entryPoint !== base + header.entry) return broken("it does not begin with its stub");
  if (pe.sizeOfImage !== base + header.image_size) return broken("the stub counts other bytes than the image has");
  const { plan_offset, plan_size } = header;
  if (planSection.memory.start !== base + plan_offset || planSection.memory.size !== plan_size)
    return broken("the stub looks for its plan elsewhere");
  const plan = decodeLoadPlan(sectionBytes(bytes, planSection));
  if (plan === undefined) return broken("its plan is of no known form");
  const files = filesOf(bytes, pe.sections.slice(names.length), plan, base);
  if (typeof files === "string") return broken(files);
  const trees = files.filter(({ kind }) => kind === "device tree");
  const [tree] = trees;
  if (tree === undefined || trees.length > 1 || files.filter(({ kind }) => kind === "hypervisor").length !== 1)
    return broken("it has not one hypervisor and one device tree");
  const decoded = decode(tree.bytes);
  if (!decoded.ok) return broken(`its device tree: ${decoded.diagnostics[0].message}`);
  const wrong = wrongModules(decoded.value, files);
  return wrong === undefined ? { kind: "efi", efi: { pe, plan, files, tree: decoded.value } } : broken(wrong);
}

const broken = (reason: string): EfiRead => ({ kind: "broken", reason });

/** A section for each file of the plan; else why not. */
function filesOf(
  bytes: Uint8Array,
  sections: readonly PeSection[],
  plan: readonly LoadPlanEntry[],
  base: number,
): readonly EfiFile[] | string {
  const copied = plan.filter(({ kind }) => kind !== "claim" && kind !== "ram");
  if (copied.length !== sections.length) return "it has other sections than files in its plan";
  const files: EfiFile[] = [];
  for (const [index, { kind, name, source, destination }] of copied.entries()) {
    const section = sections[index];
    if (section === undefined || kind === "claim" || kind === "ram") continue;
    const found = sectionBytes(bytes, section);
    const whole = section.memory.start === base + source.start && found.length === source.size;
    if (!whole || section.memory.size !== source.size) return `${printable(name)} is not the whole of its section`;
    if (!contains(destination, { start: destination.start, size: source.size }))
      return `${printable(name)} is longer than its place`;
    files.push({ kind, name, at: destination, bytes: found });
  }
  return files;
}

function wrongModules(tree: DeviceTree, files: readonly EfiFile[]): string | undefined {
  const described = rangeList(systemFacts(tree).domains.flatMap(({ modules }) => modules));
  const loaded = rangeList(
    files.filter(({ kind }) => kind === "module").map(({ at: { start }, bytes }) => ({ start, size: bytes.length })),
  );
  if (described === loaded) return undefined;
  return `its device tree speaks of modules at ${described || "no place"}, inside are ${loaded || "none"}`;
}
