import { invariant } from "../base/invariant.ts";
import { leastAlign, treeSize } from "../codecs/fit/external.ts";
import type { Stub } from "../codecs/pe/stub.ts";
import { readStub } from "../codecs/pe/stub.ts";
import { diagnose } from "../diagnostics/catalogue.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { emit } from "../emit/emit.ts";
import type { Artifact, Piece } from "../ir/artifact.ts";
import type { Digest } from "../ir/host.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { TargetPlan } from "../ir/plan.ts";
import { lower } from "../lower/lower.ts";
import { fitPieces, fitTree } from "../pack/fit/fit.ts";
import type { FitSystem } from "../pack/fit/images.ts";
import { fitLimits } from "../pack/fit/limits.ts";
import { packEfi } from "../pack/pe/efi.ts";
import { efiLimits, heldByFirmware } from "../pack/pe/limits.ts";
import { packRaw } from "../pack/raw/raw.ts";
import { unverifiable } from "../sign/loader.ts";
import { signFit } from "../sign/fit.ts";
import { verify } from "../verify/verify.ts";
import { bootFiles } from "./boot-files.ts";
import { evidence } from "./evidence.ts";
import type { LinkFacts } from "./link-facts.ts";
import type { ImageRequest } from "./request.ts";
import type { OtherSystem } from "./together.ts";
import { otherBoards, tooLarge } from "./together.ts";

/** LOWER to VERIFY: from here on nothing that a user wrote can fail, but for what an image's format has no room for. */
export async function link(placed: PlacedSystem, facts: LinkFacts): Promise<Outcome<readonly Artifact[]>> {
  const { digest, images: request } = facts;
  const plan = lower(placed);
  const emitted = emit(plan, {
    runTemplate: facts.runTemplate,
    pvTemplate: facts.pvTemplate,
    hasImage: request.formats.includes("raw"),
  });
  const stub = efiStub(request);
  const { together } = facts;
  const others = together?.others ?? [];
  const diagnostics = [
    ...(request.formats.includes("fit") ? fitLimits(plan, emitted.systemTree, request.external !== undefined) : []),
    ...(request.formats.includes("uefi") ? efiLimits(plan, emitted.systemTree) : []),
    ...(together && request.formats.includes("disk") ? otherBoards(placed, together) : []),
    ...stub.diagnostics,
  ];
  if (diagnostics.length > 0) return { diagnostics };
  const { value: images, diagnostics: warnings } = await packImages(plan, emitted.systemTree, stub.value, facts);
  if (images === undefined) return { diagnostics: warnings };
  const { artifacts: booting, diagnostics: unbootable } = bootFiles(plan, emitted.artifacts, images, facts);
  if (unbootable.length > 0) return { diagnostics: [...warnings, ...unbootable] };
  const outputs = [...images, ...booting, ...emitted.artifacts, ...others.flatMap(({ artifacts }) => artifacts)];
  verify(
    plan,
    outputs,
    digest,
    others.map((other) => ({ plan: other.plan, tree: other.systemTree })),
  );
  const { value: evident, diagnostics: unsigned } = await evidence(plan, outputs, facts);
  return { ...(evident && { value: [...outputs, ...evident] }), diagnostics: [...warnings, ...unsigned] };
}

/** What goes into another system's FIT: the files of its own, its manifest among them, and no image. */
export async function linkOther(placed: PlacedSystem, name: string, facts: LinkFacts): Promise<Outcome<OtherSystem>> {
  const { external, hash } = facts.images;
  const { value: made, diagnostics } = await link(placed, { ...facts, images: { formats: [], hash } });
  const [systemTree] = made?.find(({ path }) => path === "system.dtb")?.pieces ?? [];
  if (made === undefined || !(systemTree instanceof Uint8Array)) return { diagnostics };
  const plan = lower(placed);
  const limits = fitLimits(plan, systemTree, external !== undefined);
  if (limits.length > 0) return { diagnostics: limits };
  const artifacts = made.map((artifact) => ({ ...artifact, path: `configurations/${name}/${artifact.path}` }));
  return { value: { name, plan, systemTree, artifacts }, diagnostics };
}

async function packImages(
  plan: TargetPlan,
  systemTree: Uint8Array,
  stub: Stub | undefined,
  { images, digest, together }: LinkFacts,
): Promise<Outcome<readonly Artifact[]>> {
  const made: Artifact[] = [];
  const add = (path: string, pieces: readonly Piece[]): unknown => made.push({ path, pieces, executable: false });
  if (images.formats.includes("raw") && plan.placed.resolved.hypervisor.image.kind === "core")
    add(
      "image.bin",
      packRaw(plan.placed, systemTree, (pieces) => digest("sha256", pieces)),
    );
  if (images.formats.includes("fit")) {
    const { value: pieces, diagnostics } = await packFit(
      [{ plan, systemTree, ...(together && { name: together.name }) }, ...(together?.others ?? [])],
      images,
      digest,
    );
    if (pieces === undefined) return { diagnostics };
    add("image.itb", pieces);
  }
  if (stub) {
    const efi = packEfi(plan, systemTree, stub);
    const signed = await signedEfi(efi, images, digest);
    if (signed && signed.value === undefined) return { diagnostics: signed.diagnostics };
    add("image.efi", signed?.value ?? efi);
  }
  const { signer, padding } = images;
  const fitSigner = images.formats.includes("fit") ? signer : undefined;
  return {
    value: made,
    diagnostics: [
      ...(fitSigner ? unverifiable(plan.placed.resolved.board.profile, fitSigner.key, padding) : []),
      ...(stub ? heldByFirmware(plan, systemTree) : []),
    ],
  };
}

async function packFit(
  systems: readonly FitSystem[],
  { hash, signer, padding, external }: ImageRequest,
  digest: Digest,
): Promise<Outcome<readonly Piece[]>> {
  const { tree, files } = fitTree(systems, { hash, digest, ...(external && { external }) });
  const large = systems.length > 1 && external === undefined ? tooLarge(files) : [];
  if (large.length > 0) return { diagnostics: large };
  const signed = signer
    ? await signFit(tree, { hash, signer, ...(padding && { padding }) })
    : { value: tree, diagnostics: [] };
  if (signed.value === undefined) return { diagnostics: signed.diagnostics };
  const value = fitPieces(signed.value, files, external);
  if (value !== undefined) return { value, diagnostics: [] };
  const { position = 0, align = leastAlign } = external ?? {};
  const params = { position: String(position), needed: String(treeSize(signed.value, align)) };
  return { diagnostics: [diagnose("XI6030", params)] };
}

/** image.efi with a signature; undefined where nobody signs. Only who signs one pays for loading what does. */
async function signedEfi(
  pieces: readonly Piece[],
  { signer, certificates }: ImageRequest,
  digest: Digest,
): Promise<Outcome<readonly Piece[]> | undefined> {
  if (signer === undefined) return undefined;
  invariant(certificates, "the certificates of whoever signs image.efi");
  const { signPe } = await import("../sign/authenticode.ts");
  return signPe(pieces, digest, { signer, certificates });
}

/** The program that image.efi begins with; nothing where that is not asked for. */
function efiStub({ formats, efiStub: file }: ImageRequest): Outcome<Stub | undefined> {
  if (!formats.includes("uefi")) return { diagnostics: [] };
  invariant(file, "the EFI stub for image.efi");
  const value = readStub(file.bytes);
  if (value) return { value, diagnostics: [] };
  return { diagnostics: [diagnose("XI6201", { path: file.path, reason: "it is no EFI stub of this version" })] };
}
