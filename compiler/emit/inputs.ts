import { hex } from "../base/units.ts";
import type { InputFile } from "../ir/input-file.ts";
import type { TargetPlan } from "../ir/plan.ts";

/** A file that a build was made of. */
export interface Input {
  /** One of a kind: "configuration", "EFI stub", "hypervisor", "ui/kernel". */
  readonly owner: string;
  /** Where it is loaded to. */
  readonly address?: string;
  readonly file: InputFile;
}

/** What the command line adds to what a plan names. */
export interface OtherInputs {
  /** The text that was evaluated; what it imports is not counted. */
  readonly configuration: InputFile;
  /** What image.efi begins with, where there is one. */
  readonly efiStub?: InputFile;
}

/** Every file of a build; the board's device tree, which a profile may have made, is none. */
export const inputsOf = (plan: TargetPlan, { configuration, efiStub }: OtherInputs): readonly Input[] =>
  [
    { owner: "configuration", file: configuration },
    ...(efiStub ? [{ owner: "EFI stub", file: efiStub }] : []),
    ...loadedInputs(plan),
  ].map(({ file: { path, bytes }, ...where }) => ({ ...where, file: { path: portablePath(path), bytes } }));

const loadedInputs = ({ placed }: TargetPlan): readonly Input[] => [
  { owner: "hypervisor", address: hex(placed.hypervisor.start), file: placed.resolved.hypervisor.image.file },
  ...placed.modules.flatMap(({ domain, kind, file, at }) => {
    const owner = `${domain}/${kind}`;
    if (kind !== "passthrough") return [{ owner, address: hex(at.start), file }];
    // What is loaded is an output; the user may have written what it was made of.
    const source = placed.resolved.domains.find(({ name }) => name === domain)?.passthrough?.source;
    return source ? [{ owner, file: source }] : [];
  }),
];

/** As the user wrote it, if that means the same file in every checkout; of a whole path only the file's name. */
const portablePath = (path: string): string => (path.startsWith("/") ? path.slice(path.lastIndexOf("/") + 1) : path);
