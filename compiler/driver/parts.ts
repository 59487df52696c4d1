import type { Range } from "../base/ranges.ts";
import type { Artifact } from "../ir/artifact.ts";
import type { RawImage } from "../pack/raw/read.ts";
import { readRaw } from "../pack/raw/read.ts";
import { signedBytes, signedNodes } from "../codecs/fit/signed.ts";
import { readDisk } from "../verify/disk/read.ts";
import type { Fit, FitConfiguration } from "../verify/fit/read.ts";
import { readFit } from "../verify/fit/read.ts";
import type { EfiImage } from "../verify/pe/read.ts";
import { readEfi } from "../verify/pe/read.ts";

/** What an image holds, under the name that it is written to. Names are the image's: nothing says that they are safe. */
export type Part = Pick<Artifact, "path" | "pieces">;

/** Throws what a reader says of a broken image, as it is shown. */
class Refusal extends Error {}

export type PartsRead =
  { readonly kind: "refused"; readonly reason: string } | { readonly kind: "parts"; readonly parts: readonly Part[] };

/**
 * Takes apart any image that a build writes. Of a disk the parts are its files; of the others hypervisor, device tree and
 * modules under the names that they have in a FIT, and what they are signed with. Nothing is proven.
 */
export async function partsOf(bytes: Uint8Array): Promise<PartsRead> {
  try {
    for (const reader of readers) {
      const parts = await reader(bytes);
      if (parts !== undefined) return { kind: "parts", parts };
    }
    return { kind: "refused", reason: "it is no image that xenimg writes" };
  } catch (error) {
    if (error instanceof Refusal) return { kind: "refused", reason: error.message };
    throw error;
  }
}

/** Undefined where this format is not the file's. Throws `Refusal`. */
type Reader = (bytes: Uint8Array) => readonly Part[] | undefined | Promise<readonly Part[] | undefined>;

const part = (path: string, ...pieces: Part["pieces"]): Part => ({ path, pieces });

const fit: Reader = (bytes) => {
  const read = readFit(bytes);
  if (read.kind === "not-a-fit") return undefined;
  if (read.kind === "broken") throw new Refusal(read.reason);
  const { images, configurations } = read.fit;
  return [
    ...images.map(({ name, data }) => part(name, data)),
    ...configurations.flatMap((configuration) => signatureParts(read.fit, configuration)),
  ];
};

/** A signature and what it covers, for whoever wants to see for themselves: `openssl dgst` takes both. */
function signatureParts({ tree }: Fit, { node, signature }: FitConfiguration): readonly Part[] {
  const covered = signature && signedNodes(tree, node);
  if (signature === undefined || covered === undefined) return [];
  return [part(`${node.name}.sig`, signature.value), part(`${node.name}.signed`, signedBytes(tree, covered).bytes)];
}

const efi: Reader = async (bytes) => {
  const read = readEfi(bytes);
  if (read.kind === "not-a-pe" || read.kind === "foreign") return undefined;
  if (read.kind === "broken") throw new Refusal(read.reason);
  return [
    ...read.efi.files.map((file) => part(fitName(file.name), file.bytes)),
    ...(await certificateParts(bytes, read.efi)),
  ];
};

/** "ui/kernel" is "ui-kernel" in a FIT. */
const fitName = (owner: string): string => owner.replaceAll(/[/ ]/g, "-");

/** Only what is signed pays for loading what reads that. */
async function certificateParts(bytes: Uint8Array, { pe }: EfiImage): Promise<readonly Part[]> {
  if (pe.certificates === undefined) return [];
  const { readPeSignature } = await import("./authenticode.ts");
  const signature = readPeSignature(bytes, pe);
  if (signature.kind === "none") return [];
  if (signature.kind === "broken") throw new Refusal(signature.reason);
  const certificates = [signature.signer, ...signature.others];
  return [
    part("signature.p7s", signature.element),
    ...certificates.map(({ der }, index) => part(`certificate-${index + 1}.cer`, der)),
  ];
}

const raw: Reader = (bytes) => {
  const read = readRaw(bytes);
  switch (read.kind) {
    case "not-an-image":
      return undefined;
    case "broken":
      throw new Refusal(read.reason);
    case "bare":
      throw new Refusal("it is an arm64 Image with nothing linked behind it");
    case "image":
      return rawParts(bytes, read.image);
  }
};

/** The hypervisor with the headers that the link wrote, up to what follows it: how long it was before, nothing says. */
function rawParts(bytes: Uint8Array, { deviceTree, modules }: RawImage): readonly Part[] {
  const places = [deviceTree, ...modules.map(({ at }) => at)];
  const end = places.reduce((least, { start }) => Math.min(least, start), bytes.length);
  const at = ({ start, size }: Range<number>): Uint8Array => bytes.subarray(start, start + size);
  return [
    part("hypervisor", bytes.subarray(0, end)),
    part("device-tree", at(deviceTree)),
    ...modules.map((module) => part(moduleName(module), at(module.at))),
  ];
}

/** What a FIT calls the kinds for which the binding has another word. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["device-tree", "passthrough"],
  ["xen,xsm-policy", "xsm-policy"],
]);

function moduleName({ path, kind }: RawImage["modules"][number]): string {
  const [, , domain, module] = path.split("/");
  return `${module === undefined ? "hypervisor" : domain}-${kinds.get(kind) ?? kind}`;
}

const disk: Reader = (bytes) => {
  const read = readDisk([bytes]);
  if (read.kind === "broken") throw new Refusal(read.reason);
  return read.kind === "disk" ? read.disk.files.map(({ path, pieces }) => ({ path, pieces })) : undefined;
};

const readers: readonly Reader[] = [fit, raw, efi, disk];

/** What is in a name of ours. Anything else may lead elsewhere, on some machine; a dot at the end is none on others. */
const plain = /^[A-Za-z0-9,._+-]{0,199}[A-Za-z0-9,_+-]$/;

export interface UnwritableName {
  readonly name: string;
  readonly reason: string;
  /** Domains may be called "ui" and "UI": such an image is sound, and some systems take both for one file. */
  readonly capitals: boolean;
}

/** Why parts cannot be files of one folder; undefined where they can. */
export function unwritableName(parts: readonly Part[]): UnwritableName | undefined {
  const spelt = new Set<string>();
  const files = new Set<string>();
  const folders = new Set<string>();
  for (const { path: name } of parts) {
    const path = name.toLowerCase();
    const steps = path.split("/");
    if (!steps.every((step) => plain.test(step)))
      return { name, reason: "xenimg gives no such name, and it may lead somewhere else", capitals: false };
    const above = steps.slice(1).map((_, index) => steps.slice(0, index + 1).join("/"));
    if (files.has(path) && !spelt.has(name))
      return { name, reason: "another part has the same name, but for capitals", capitals: true };
    if (files.has(path) || folders.has(path) || above.some((folder) => files.has(folder)))
      return { name, reason: "another part has the same name, or one that takes its place", capitals: false };
    files.add(path);
    spelt.add(name);
    for (const folder of above) folders.add(folder);
  }
  return undefined;
}
