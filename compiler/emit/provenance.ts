import type { Artifact } from "../ir/artifact.ts";
import type { Sha256 } from "../ir/host.ts";
import type { TargetPlan } from "../ir/plan.ts";
import { formatTarget } from "../ir/target.ts";
import type { OtherInputs } from "./inputs.ts";
import { inputsOf } from "./inputs.ts";
import { textArtifact } from "./text.ts";

export interface ProvenanceFacts extends OtherInputs {
  /** Of xenimg itself. */
  readonly version: string;
  /** The export that was built, where it is not the default one. */
  readonly variant?: string;
  /** What the command line set in the configuration. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** What the command line asked for, by the options' names. */
  readonly options: Readonly<Record<string, unknown>>;
  readonly sha256: Sha256;
}

/** What `buildType` of the statement means: docs/build-type-1.md. */
const buildType = "https://unpkg.com/xenimg/docs/build-type-1.md";

/**
 * Who made these outputs, how, and of what: an in-toto Statement (version 1) with SLSA Provenance (version 1). Nothing of
 * the machine or the moment: two builders of the same inputs make the same statement.
 */
export function emitProvenance(plan: TargetPlan, outputs: readonly Artifact[], facts: ProvenanceFacts): Artifact {
  const { version, variant, parameters = {}, options, sha256 } = facts;
  const { resolved } = plan.placed;
  const { profile } = resolved.board;
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject: outputs.map(({ path, pieces }) => ({ name: path, digest: { sha256: sha256(pieces) } })),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: {
          configuration: facts.configuration.path,
          ...(variant !== undefined && { variant }),
          set: parameters,
          target: formatTarget(resolved.target),
          ...options,
        },
        internalParameters: { board: { name: profile.name, parameters: profile.parameters } },
        resolvedDependencies: [
          ...inputsOf(plan, facts).map(({ owner, file: { path, bytes } }) => ({
            name: owner,
            digest: { sha256: sha256([bytes]) },
            annotations: { path },
          })),
          { name: "board/device tree", digest: { sha256: sha256([profile.deviceTree]) } },
        ],
      },
      runDetails: { builder: { id: `pkg:npm/xenimg@${version}`, version: { xenimg: version } } },
    },
  };
  return textArtifact("provenance.intoto.json", `${JSON.stringify(statement, undefined, 2)}\n`);
}
