import type { Free } from "../../base/free.ts";
import { freeOf, without } from "../../base/free.ts";
import { invariant } from "../../base/invariant.ts";
import type { Range } from "../../base/ranges.ts";
import { endOf } from "../../base/ranges.ts";
import type { PhysAddr } from "../../base/units.ts";
import { alignUp, physAddr } from "../../base/units.ts";
import type { LoadPlanEntry } from "../../codecs/pe/load-plan.ts";
import { encodeLoadPlan, loadPlanSize } from "../../codecs/pe/load-plan.ts";
import type { Stub } from "../../codecs/pe/stub.ts";
import { stubHeader } from "../../codecs/pe/stub.ts";
import type { Piece } from "../../ir/artifact.ts";
import type { PlacedSystem } from "../../ir/placed.ts";
import type { LoadedFile, TargetPlan } from "../../ir/plan.ts";
import type { SectionContent } from "./pe.ts";
import { packPe, sectionPlaces } from "./pe.ts";

const page = 4096;

/**
 * image.efi: the EFI stub, the plan that it follows, and each file as a section of its own, which it copies to where
 * image.bin would have it.
 */
export function packEfi(plan: TargetPlan, systemTree: Uint8Array, stub: Stub): readonly Piece[] {
  const files = plan.files.map((file) => ({ file, bytes: contentOf(file, systemTree) }));
  const claims = claimedMemory(plan.placed);
  const planSize = loadPlanSize(files.length + claims.length);
  const sizes = [stub.text.length, stub.rodata.length, planSize, ...files.map(({ bytes }) => bytes.length)];
  const places = sectionPlaces(sizes);
  const [base = 0, rodataAt = 0, planAt = 0, ...fileAts] = places;
  invariant(rodataAt - base === stub.header.rodata_offset, "the stub's constants where its code looks for them");
  const copies = files.map(({ file, bytes }, index): LoadPlanEntry => ({
    kind: kindOf(file),
    name: file.owner,
    source: { start: (fileAts[index] ?? 0) - base, size: bytes.length },
    destination: { start: file.at, size: isHypervisor(file) ? plan.placed.hypervisor.size : bytes.length },
  }));
  const end = alignUp(Math.max(...places) + (sizes.at(-1) ?? 0), page);
  const header = { image_size: end - base, plan_offset: planAt - base, plan_size: planSize };
  const sections: readonly SectionContent[] = [
    { name: ".text", bytes: withPlan(stub, header), executable: true },
    { name: ".rodata", bytes: stub.rodata, executable: false },
    { name: ".plan", bytes: encodeLoadPlan([...copies, ...claims]), executable: false },
    ...files.map(({ file, bytes }, index) => ({ name: sectionName(file, index), bytes, executable: false })),
  ];
  return packPe(sections, base + stub.header.entry);
}

/** Entries of the plan besides those of files: what a system without them would fail on long after the start. */
export const planLength = (plan: TargetPlan): number => plan.files.length + claimedMemory(plan.placed).length;

const contentOf = ({ content }: LoadedFile, systemTree: Uint8Array): Uint8Array =>
  content.kind === "bytes" ? content.bytes : systemTree;

const isHypervisor = ({ owner }: LoadedFile): boolean => owner === "hypervisor";

const kindOf = (file: LoadedFile): LoadPlanEntry["kind"] =>
  isHypervisor(file) ? "hypervisor" : file.content.kind === "system-tree" ? "device tree" : "module";

const sectionName = (file: LoadedFile, index: number): string =>
  ({ hypervisor: ".hv", "device tree": ".dtb" })[kindOf(file) as string] ?? `.mod${index - 1}`;

function withPlan({ header, text }: Stub, facts: Pick<Stub["header"], "image_size" | "plan_offset" | "plan_size">) {
  const patched = Uint8Array.from(text);
  stubHeader.encode({ ...header, ...facts }, patched, 0);
  return patched;
}

/** Machine memory that something owns, which the firmware must not keep, and all RAM, which has to be there. */
function claimedMemory({ domains, sharedMemory, resolved }: PlacedSystem): readonly LoadPlanEntry[] {
  const entry = (kind: LoadPlanEntry["kind"], name: string, destination: Range<PhysAddr>): LoadPlanEntry => ({
    kind,
    name,
    source: { start: 0, size: 0 },
    destination,
  });
  const { board, hypervisor } = resolved;
  // Where upstream Xen puts memory that is given by size is not known.
  const known = domains.filter(
    ({ resolved: { memory } }) => memory.kind === "static" || hypervisor.image.kind === "core",
  );
  const ram = board.reserved.map(outwards).reduce<Free<PhysAddr>>(without, freeOf(board.ram.map(inwards)));
  return [
    ...known.flatMap(({ resolved: { name }, banks }) =>
      banks.map(({ machine }) => entry("claim", `domain ${name}`, outwards(machine))),
    ),
    ...sharedMemory.map((share) => entry("claim", share.resolved.name, outwards(share.machine))),
    ...hypervisor.staticHeap.map((range) => entry("claim", "static heap", outwards(range))),
    ...ram.map((range) => entry("ram", "RAM", range)),
  ];
}

const outwards = (range: Range<PhysAddr>): Range<PhysAddr> => {
  const start = physAddr(range.start - (range.start % page));
  return { start, size: alignUp(endOf(range), page) - start };
};
const inwards = (range: Range<PhysAddr>): Range<PhysAddr> => {
  const start = alignUp(range.start, page);
  return { start, size: endOf(range) - (endOf(range) % page) - start };
};
