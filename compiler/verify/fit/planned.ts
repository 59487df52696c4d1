import { invariant } from "../../base/invariant.ts";
import { joinBytes } from "../../base/join-bytes.ts";
import { sameBytes } from "../../base/same-bytes.ts";
import type { Artifact } from "../../ir/artifact.ts";
import type { Digest } from "../../ir/host.ts";
import type { TargetPlan } from "../../ir/plan.ts";
import { readFit } from "./read.ts";
import { strayBytes, wrongHashes, wrongModules } from "./verify.ts";

/** image.itb, read as anybody would: the planned files at the planned addresses, in the one form that is verified. */
export function verifyPlannedFit({ files }: TargetPlan, { pieces }: Artifact, tree: Uint8Array, digest: Digest): void {
  const bytes = joinBytes(pieces.map((piece) => (piece instanceof Uint8Array ? piece : new Uint8Array(piece.zeros))));
  const read = readFit(bytes);
  invariant(read.kind === "fit", `a FIT that can be read${read.kind === "broken" ? `: ${read.reason}` : ""}`);
  const { fit } = read;
  const problems = [...wrongHashes(fit, digest), ...strayBytes(bytes, fit.tree), ...wrongModules(fit)];
  invariant(problems.length === 0, `a FIT without ${problems[0]?.message ?? ""}`);
  invariant(fit.images.length === files.length, "an image for each file");
  for (const [index, { at: place, owner, content }] of files.entries()) {
    const image = fit.images[index];
    const planned = content.kind === "bytes" ? content.bytes : tree;
    invariant(image?.load === place && image.description === owner, `${owner} at its place in image.itb`);
    invariant(sameBytes(image.data, planned), `the bytes of ${owner} in image.itb`);
  }
}
