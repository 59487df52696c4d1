import { invariant } from "../../base/invariant.ts";
import { sameBytes } from "../../base/same-bytes.ts";
import type { Artifact } from "../../ir/artifact.ts";
import type { TargetPlan } from "../../ir/plan.ts";
import type { Join } from "../joiner.ts";
import { readEfi } from "./read.ts";

/** image.efi, read as anybody would: the planned files, which go to the planned addresses, and each domain's memory. */
export function verifyPlannedEfi(
  { files, placed }: TargetPlan,
  { pieces }: Artifact,
  tree: Uint8Array,
  join: Join,
): void {
  const read = readEfi(join(pieces));
  invariant(read.kind === "efi", `an image.efi that can be read${read.kind === "broken" ? `: ${read.reason}` : ""}`);
  const { efi } = read;
  invariant(efi.files.length === files.length, "a section for each file");
  for (const [index, { at: place, owner, content }] of files.entries()) {
    const file = efi.files[index];
    invariant(file?.at.start === place && file.name === owner.slice(0, 71), `${owner} at its place in image.efi`);
    const planned = content.kind === "bytes" ? content.bytes : tree;
    invariant(sameBytes(file.bytes, planned), `the bytes of ${owner} in image.efi`);
    const size = file.kind === "hypervisor" ? placed.hypervisor.size : planned.length;
    invariant(file.at.size === size, `the memory of ${owner} in image.efi`);
  }
  const claims = efi.plan.filter(({ kind }) => kind === "claim").map(({ destination }) => destination);
  for (const { resolved, banks } of placed.domains) {
    if (resolved.memory.kind !== "static") continue;
    for (const { machine } of banks)
      invariant(
        claims.some(({ start, size }) => start === machine.start && size === machine.size),
        `the memory of ${resolved.name} in the plan of image.efi`,
      );
  }
}
