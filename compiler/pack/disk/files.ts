import { invariant } from "../../base/invariant.ts";
import type { Piece } from "../../ir/artifact.ts";

/** A file of the disk. */
export interface DiskFile {
  /** From the root, with forward slashes, without one at the beginning: "EFI/BOOT/BOOTAA64.EFI". */
  readonly path: string;
  readonly pieces: readonly Piece[];
}

/** A directory, with what it holds in the order of the names. */
export interface Folder {
  readonly folders: ReadonlyMap<string, Folder>;
  readonly files: ReadonlyMap<string, readonly Piece[]>;
}

/** The files as a tree. */
export function treeOf(files: readonly DiskFile[]): Folder {
  const root = emptyFolder();
  for (const { path, pieces } of files.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    const names = path.split("/");
    const last = names.pop() ?? "";
    let folder = root;
    for (const name of names) {
      invariant(!folder.files.has(name), `${path} not below a file`);
      const inner = folder.folders.get(name) ?? emptyFolder();
      folder.folders.set(name, inner);
      folder = inner;
    }
    invariant(!folder.files.has(last) && !folder.folders.has(last), `one ${path} on the disk`);
    folder.files.set(last, pieces);
  }
  return root;
}

interface OpenFolder extends Folder {
  readonly folders: Map<string, OpenFolder>;
  readonly files: Map<string, readonly Piece[]>;
}

const emptyFolder = (): OpenFolder => ({ folders: new Map(), files: new Map() });
