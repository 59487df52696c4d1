import type { DeviceTree } from "dtc-js";
import { encode, print } from "dtc-js";
import type { Artifact } from "../ir/artifact.ts";
import type { TargetPlan } from "../ir/plan.ts";
import { bytesArtifact, textArtifact } from "./text.ts";

export interface EmittedTrees {
  readonly system: Uint8Array;
  readonly artifacts: readonly Artifact[];
}

/** The hypervisor's device tree, as blob and as source, and the one that each guest will see. */
export function emitTrees({ systemTree, guestTrees }: TargetPlan): EmittedTrees {
  const system = encode(systemTree);
  return {
    system,
    artifacts: [
      textArtifact("system.dts", print(systemTree)),
      ...guestTrees.map(({ domain, tree }) => guestArtifact(domain, tree)),
    ],
  };
}

const guestArtifact = (domain: string, tree: DeviceTree): Artifact =>
  bytesArtifact(`domains/${domain}/guest.dtb`, encode(tree));
