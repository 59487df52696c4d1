import { invariant } from "../base/invariant.ts";
import type { Outcome } from "../diagnostics/diagnostic.ts";
import { emitManifest } from "../emit/manifest.ts";
import { emitProvenance } from "../emit/provenance.ts";
import { emitSbom } from "../emit/sbom.ts";
import type { Artifact, Piece } from "../ir/artifact.ts";
import type { ManifestSigner } from "../ir/manifest.ts";
import type { TargetPlan } from "../ir/plan.ts";
import type { Signer } from "../ir/signer.ts";
import { keyKind } from "../ir/signer.ts";
import { signManifest } from "../sign/manifest.ts";
import { signStatement } from "../sign/provenance.ts";
import { verifyManifest } from "../verify/manifest/planned.ts";
import type { LinkFacts } from "./link-facts.ts";
import type { ImageRequest } from "./request.ts";

/**
 * What a build says of itself: the bill of materials, the provenance of the outputs and of that bill, and the manifest,
 * which counts them all; the last two signed where somebody signs.
 */
export async function evidence(
  plan: TargetPlan,
  outputs: readonly Artifact[],
  facts: LinkFacts,
): Promise<Outcome<readonly Artifact[]>> {
  const { images: request, digest } = facts;
  const { signer, padding, epoch } = request;
  const sha256 = (pieces: readonly Piece[]): string => digest("sha256", pieces);
  const common = { ...facts, ...(request.efiStub && { efiStub: request.efiStub }), sha256 };
  const sbom = emitSbom(plan, { ...common, ...(epoch !== undefined && { epoch }) });
  const provenance = emitProvenance(plan, [...outputs, sbom], { ...common, options: optionsOf(request) });
  const envelope = signer && (await signStatement(bytesOf(provenance), signer, padding));
  if (envelope && envelope.value === undefined) return { diagnostics: envelope.diagnostics };
  const others = [sbom, provenance, ...(envelope?.value ? [envelope.value] : [])];
  const manifest = emitManifest(plan, [...outputs, ...others], {
    ...common,
    ...(signer && { signer: manifestSigner(signer) }),
  });
  verifyManifest(plan, [...outputs, ...others], manifest, sha256);
  const signature = signer && (await signManifest(bytesOf(manifest), signer, padding));
  if (signature && signature.value === undefined) return { diagnostics: signature.diagnostics };
  return { value: [...others, manifest, ...(signature?.value ? [signature.value] : [])], diagnostics: [] };
}

/** What was asked for, and decides about bytes. */
const optionsOf = ({
  formats,
  hash,
  padding,
  external,
  load,
  epoch,
}: ImageRequest): Readonly<Record<string, unknown>> => ({
  formats,
  hash,
  ...(padding && { padding }),
  ...(external && { external }),
  ...(load !== undefined && { load }),
  ...(epoch !== undefined && { sourceDateEpoch: epoch }),
});

const manifestSigner = ({ name, key, development }: Signer): ManifestSigner => ({
  name,
  key: keyKind(key),
  development,
});

function bytesOf({ path, pieces: [bytes] }: Artifact): Uint8Array {
  invariant(bytes instanceof Uint8Array, `${path} in one piece`);
  return bytes;
}
