import { sameBytes } from "../../base/same-bytes.ts";
import type { LoadedFile, TargetPlan } from "../../ir/plan.ts";

/** A system with its device tree, which exists only after EMIT. */
export interface FitSystem {
  /** Of its configuration; left out: what mkimage would call it. */
  readonly name?: string;
  readonly plan: TargetPlan;
  readonly systemTree: Uint8Array;
}

/** What becomes a node of /images. */
export interface FitImage {
  readonly name: string;
  /** "ui/kernel"; of an image that several systems share, the first one's. */
  readonly owner: string;
  readonly kind: "hypervisor" | "device-tree" | "module";
  readonly at: number;
  readonly data: Uint8Array;
}

/** What a configuration names. */
export interface UsedImages {
  readonly hypervisor: string;
  readonly tree: string;
  /** In order of their addresses. */
  readonly modules: readonly string[];
}

/** The images of several systems, and what of them each system uses. Nothing is there twice. */
export function imagesOf(systems: readonly FitSystem[]): {
  readonly images: readonly FitImage[];
  readonly used: readonly UsedImages[];
} {
  const images: FitImage[] = [];
  const used = systems.map(({ plan, systemTree }) => {
    const named = plan.files.map((file) => {
      const wanted = imageOf(file, systemTree);
      const found = images.find((image) => isSame(image, wanted));
      if (found !== undefined) return found;
      const image = { ...wanted, name: freeName(wanted.name, images) };
      images.push(image);
      return image;
    });
    const namesOf = (kind: FitImage["kind"]): readonly string[] =>
      named.filter((image) => image.kind === kind).map(({ name }) => name);
    const [[hypervisor = ""], [tree = ""]] = [namesOf("hypervisor"), namesOf("device-tree")];
    return { hypervisor, tree, modules: namesOf("module") };
  });
  return { images, used };
}

function imageOf({ owner, at, content }: LoadedFile, systemTree: Uint8Array): FitImage {
  const data = content.kind === "bytes" ? content.bytes : systemTree;
  const name = owner.replaceAll(/[/ ]/g, "-");
  const kind = name === "hypervisor" || name === "device-tree" ? name : "module";
  return { name, owner, kind, at, data };
}

const isSame = (a: FitImage, b: FitImage): boolean => a.kind === b.kind && a.at === b.at && sameBytes(a.data, b.data);

/** "ui-kernel", "ui-kernel-2", … */
function freeName(name: string, images: readonly FitImage[]): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (images.every((image) => image.name !== candidate)) return candidate;
  }
}
