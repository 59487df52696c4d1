import { invariant } from "../../base/invariant.ts";
import { sameBytes } from "../../base/same-bytes.ts";
import type { Artifact } from "../../ir/artifact.ts";
import type { Digest } from "../../ir/host.ts";
import type { TargetPlan } from "../../ir/plan.ts";
import type { Join } from "../joiner.ts";
import type { Fit, FitConfiguration, FitImage } from "./read.ts";
import { readFit } from "./read.ts";
import { strayBytes, wrongHashes, wrongModules } from "./verify.ts";

/** A system that a FIT is to hold, and its device tree. */
export interface PlannedSystem {
  readonly plan: TargetPlan;
  readonly tree: Uint8Array;
}

/**
 * image.itb, read as anybody would: a configuration for each system, with the planned files at the planned addresses, in
 * the one form that is verified.
 */
export function verifyPlannedFit(
  systems: readonly PlannedSystem[],
  { pieces }: Artifact,
  digest: Digest,
  join: Join,
): void {
  const bytes = join(pieces);
  const read = readFit(bytes);
  invariant(read.kind === "fit", `a FIT that can be read${read.kind === "broken" ? `: ${read.reason}` : ""}`);
  const { fit } = read;
  const problems = [
    ...wrongHashes(fit, digestOfPlanned(systems, digest)),
    ...strayBytes(bytes, fit),
    ...wrongModules(fit),
  ];
  invariant(problems.length === 0, `a FIT without ${problems[0]?.message ?? ""}`);
  invariant(fit.configurations.length === systems.length, "a configuration for each system");
  for (const [index, system] of systems.entries()) {
    const configuration = fit.configurations[index];
    invariant(configuration, "a configuration for each system");
    verifySystem(system, fit, configuration);
  }
}

/** The hash of bytes that are a planned file's is that file's, which is known: nothing is hashed twice. */
function digestOfPlanned(systems: readonly PlannedSystem[], digest: Digest): Digest {
  const planned = systems.flatMap(({ plan, tree }) =>
    plan.files.map(({ content }) => (content.kind === "bytes" ? content.bytes : tree)),
  );
  return (algorithm, pieces) =>
    digest(
      algorithm,
      pieces.map((piece) =>
        piece instanceof Uint8Array ? (planned.find((bytes) => sameBytes(bytes, piece)) ?? piece) : piece,
      ),
    );
}

function verifySystem({ plan, tree }: PlannedSystem, fit: Fit, configuration: FitConfiguration): void {
  const { kernel, fdt, loadables, rollbackIndex } = configuration;
  invariant(rollbackIndex === plan.placed.resolved.rollbackIndex, "the planned rollback index in image.itb");
  invariant(loadables.length === plan.files.length - 2, "an image for each file");
  const modules = loadables.values();
  const imageFor = (owner: string): FitImage | undefined => {
    const name = owner === "hypervisor" ? kernel : owner === "device tree" ? fdt : modules.next().value;
    return fit.images.find((image) => image.name === name);
  };
  for (const { at, owner, content } of plan.files) {
    const image = imageFor(owner);
    const planned = content.kind === "bytes" ? content.bytes : tree;
    invariant(image?.load === at, `${owner} at its place in image.itb`);
    invariant(sameBytes(image.data, planned), `the bytes of ${owner} in image.itb`);
  }
}
