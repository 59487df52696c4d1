import type { FileAnswer } from "../ir/host.ts";
import type { Recognise } from "./board-tree.ts";

/** A file to import, and what the importer asks of whoever has it. */
export interface ImportRequest {
  /** Path of the file, for places in diagnostics. */
  readonly file: string;
  /** How the user calls it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Reads a file whose path is relative to the imported one's folder. */
  readonly readFile: (path: string) => Promise<FileAnswer>;
  /** The path by which the new `board.ts` names a file that the imported one names so. */
  readonly pathFor: (path: string) => string;
  readonly recognise: Recognise;
}
