import { formatRange } from "../base/ranges.ts";
import { formatSize, hex } from "../base/units.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { BootScript } from "../emit/boot-script.ts";
import { bootScript, loadCommand } from "../emit/boot-script.ts";
import { bytesArtifact, textArtifact } from "../emit/text.ts";
import type { Artifact } from "../ir/artifact.ts";
import { sizeOf } from "../ir/artifact.ts";
import type { TargetPlan } from "../ir/plan.ts";
import { diskImage } from "../pack/disk/disk.ts";
import { unfitNames } from "../pack/disk/names.ts";
import { configurationName } from "../pack/fit/fit.ts";
import { placeOfFit } from "../pack/fit/place.ts";
import { scriptImage } from "../pack/script/script.ts";
import type { LinkFacts } from "./link-facts.ts";

export interface BootFiles {
  readonly artifacts: readonly Artifact[];
  /** Why they cannot be made. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What is made of other outputs: the script that loads the separate files, and the disk with whatever boots on it. */
export function bootFiles(
  plan: TargetPlan,
  emitted: readonly Artifact[],
  images: readonly Artifact[],
  facts: LinkFacts,
): BootFiles {
  const { formats, load } = facts.images;
  const growing = formats.includes("script") || formats.includes("disk") ? treeWithoutRoom(plan, emitted) : [];
  if (growing.length > 0) return { artifacts: [], diagnostics: growing };
  const loaded = emitted.filter(({ path }) => plan.files.some((file) => file.path === path));
  const script = formats.includes("script") ? scriptFiles(separately(plan, loaded, load), facts) : [];
  if (!formats.includes("disk")) return { artifacts: script, diagnostics: [] };
  const contents = diskContents(plan, loaded, images, facts);
  if (contents.diagnostics.length > 0) return contents;
  const { epoch: time = 0 } = facts.images;
  const name = plan.placed.resolved.name;
  const pieces = diskImage(contents.artifacts, { name, time, sha256: (bytes) => facts.digest("sha256", bytes) });
  const disk = { path: "disk.img", pieces, executable: false, contents: contents.artifacts };
  return { artifacts: [...script, disk], diagnostics: [] };
}

/** What U-Boot adds to a device tree that stays in its place: seen with 2023.01, in /chosen and /memory. */
const additions = 0x3000;

function treeWithoutRoom({ placed: { deviceTree } }: TargetPlan, emitted: readonly Artifact[]): readonly Diagnostic[] {
  const tree = emitted.find(({ path }) => path === "system.dtb");
  const size = tree ? sizeOf(tree) : 0;
  const room = deviceTree.size - additions;
  if (size <= room) return [];
  const primary = { path: ["domains"], at: "key" } as const;
  return [diagnose("XI6305", { size: formatSize(size), room: formatSize(room) }, { primary })];
}

/**
 * The disk holds what the other formats make: image.efi where UEFI firmware looks for it on a disk (UEFI specification,
 * "Removable Media Boot Behavior"), and what U-Boot boots by a script.
 */
function diskContents(
  plan: TargetPlan,
  loaded: readonly Artifact[],
  images: readonly Artifact[],
  facts: LinkFacts,
): BootFiles {
  const { formats } = facts.images;
  const efi = images
    .filter(({ path }) => path === "image.efi")
    .map((image) => ({ ...image, path: "EFI/BOOT/BOOTAA64.EFI" }));
  if (efi.length > 0 && formats.every((format) => format === "uefi" || format === "disk"))
    return { artifacts: efi, diagnostics: [] };
  const { artifacts, diagnostics } = scriptedContents(plan, loaded, images, facts);
  return { artifacts: [...efi, ...artifacts], diagnostics };
}

/**
 * One script and what it starts: image.itb before separate files before image.bin; of what is loaded, nothing else. Alone
 * `disk` is as if `script` had been asked for.
 */
function scriptedContents(
  plan: TargetPlan,
  loaded: readonly Artifact[],
  images: readonly Artifact[],
  facts: LinkFacts,
): BootFiles {
  const image = (path: string): Artifact | undefined => images.find((made) => made.path === path);
  const fit = image("image.itb");
  const raw = facts.images.formats.includes("script") ? undefined : image("image.bin");
  if (fit !== undefined) return fitOnDisk(plan, fit, facts);
  if (raw !== undefined) return { artifacts: [raw, scriptImageOf(rawScript(plan, raw), facts)], diagnostics: [] };
  const artifacts = [...loaded, scriptImageOf(separately(plan, loaded, undefined), facts)];
  const path = ["domains"];
  const diagnostics = unfitNames(artifacts.map((file) => file.path)).map((params) =>
    diagnose("XI6301", params, { primary: { path, at: "key" } }),
  );
  return { artifacts, diagnostics };
}

function fitOnDisk(plan: TargetPlan, fit: Artifact, facts: LinkFacts): BootFiles {
  const size = sizeOf(fit);
  const { name, others } = facts.together ?? { name: configurationName(0), others: [] };
  const at = placeOfFit(
    plan.placed,
    size,
    others.map((other) => other.plan.placed),
  );
  if (at === undefined)
    return {
      artifacts: [],
      diagnostics: [
        diagnose(
          "XI6302",
          { size: formatSize(size), image: formatRange(plan.placed.image) },
          { primary: { path: ["board"], at: "key" } },
        ),
      ],
    };
  // One that does not verify, or is not whole, gives way to the next.
  const starts = [name, ...others.map((other) => other.name)].map((each) => `bootm ${hex(at)}#${each}`);
  const script = scriptOf(plan, [{ path: fit.path, at, size }], starts.join(" || "));
  return { artifacts: [fit, scriptImageOf(script, facts)], diagnostics: [] };
}

/** The tree is inside: U-Boot's own is what its command wants to have named. */
function rawScript(plan: TargetPlan, raw: Artifact): BootScript {
  const at = plan.placed.image.start;
  return scriptOf(plan, [{ path: raw.path, at, size: sizeOf(raw) }], `booti ${hex(at)} - \${fdtcontroladdr}`);
}

function separately(plan: TargetPlan, loaded: readonly Artifact[], load: string | undefined): BootScript {
  const sizes = new Map(loaded.map((artifact) => [artifact.path, sizeOf(artifact)]));
  const files = plan.files.map(({ path, at }) => ({ path, at, size: sizes.get(path) ?? 0 }));
  const { hypervisor, deviceTree } = plan.placed;
  return scriptOf(plan, files, `booti ${hex(hypervisor.start)} - ${hex(deviceTree.start)}`, load);
}

const scriptOf = (plan: TargetPlan, loads: BootScript["loads"], start: string, load?: string): BootScript => ({
  name: plan.placed.resolved.name,
  load: loadCommand(load),
  loads,
  start,
});

function scriptFiles(script: BootScript, facts: LinkFacts): readonly Artifact[] {
  return [textArtifact("boot.cmd", bootScript(script, facts.scriptTemplate)), scriptImageOf(script, facts)];
}

function scriptImageOf(script: BootScript, { scriptTemplate, images: { epoch = 0 } }: LinkFacts): Artifact {
  const text = new TextEncoder().encode(bootScript(script, scriptTemplate));
  return bytesArtifact("boot.scr", scriptImage(text, { name: script.name, time: epoch }));
}
