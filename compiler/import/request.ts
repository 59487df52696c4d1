import type { FileAnswer } from "../ir/host.ts";
import type { Recognise } from "./board-tree.ts";

/** A file to import. */
export interface ImportedFile {
  /** Its path, for places in diagnostics. */
  readonly file: string;
  /** How the user calls it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Reads a file whose path is relative to the imported one's folder. */
  readonly readFile: (path: string) => Promise<FileAnswer>;
  /** The path by which the new `board.ts` names a file that the imported one names so. */
  readonly pathFor: (path: string) => string;
}

/** The board's device tree, where the imported files do not say which board it is. */
export interface GivenTree {
  /** How the user calls it. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The path by which the new `board.ts` names it. */
  readonly path: string;
}

/** What is to be one system, and what the importer asks of whoever has it. */
export interface ImportRequest {
  /** One at least; several where each is an xl.cfg. */
  readonly files: readonly [ImportedFile, ...ImportedFile[]];
  readonly deviceTree?: GivenTree;
  readonly recognise: Recognise;
}

/** One file with what its importer needs. */
export interface FileRequest extends ImportedFile {
  readonly recognise: Recognise;
}
