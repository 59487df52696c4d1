import type { Artifact } from "../ir/artifact.ts";
import type { PlacedSystem } from "../ir/placed.ts";

/** A system to export, and what whoever writes the files knows of their names. */
export interface ExportRequest {
  readonly placed: PlacedSystem;
  /** The name, without ending, that files beside the text begin with. */
  readonly stem: string;
  /** How the text names the hypervisor's file. */
  readonly hypervisor: string;
  /** The path by which the text names a file that `board.ts` names so. */
  readonly pathFor: (path: string) => string;
}

export interface Exported {
  readonly text: string;
  /** What the text names and nobody has yet: device trees, to be written beside it. */
  readonly files: readonly Artifact[];
}
