import { readdirSync, statSync } from "node:fs";
import { nameOf, readDescriptor, readWhole, writeDescriptor, writeWhole } from "./files.ts";
import { guarded } from "./reasons.ts";

export type FileKind = "file" | "folder" | "other" | "none";

/**
 * What a command needs of the machine. Paths and texts are one character a byte, as they came: names in the machine's
 * files need not be UTF-8. "-" is a stream.
 */
export interface Host {
  /** All bytes of a file, at most `most` of them; a `FileError` where there are more. */
  readonly read: (path: string, most?: number) => Uint8Array;
  /** The file is there whole or as it was before. */
  readonly write: (path: string, data: Uint8Array | string) => void;
  /** What a folder has. Links are followed; "none" is one that leads nowhere. */
  readonly list: (path: string) => readonly { readonly name: string; readonly kind: FileKind }[];
  readonly isFolder: (path: string) => boolean;
  readonly print: (text: string | Uint8Array) => void;
  /** Never fails: there is nobody else to tell. */
  readonly complain: (text: string) => void;
}

/** The machine that Node runs on. */
export const machine: Host = {
  read: (path, most) => (path === "-" ? readDescriptor(0, most) : readWhole(path, most)),
  write: (path, data) => {
    if (path === "-") writeDescriptor(1, data);
    else writeWhole(path, data);
  },
  list: (path) =>
    guarded(() => readdirSync(nameOf(path), "buffer")).map((entry) => {
      const name = entry.toString("latin1");
      return { name, kind: kindOf(`${path}/${name}`) };
    }),
  isFolder: (path) => kindOf(path) === "folder",
  print: (text) => {
    writeDescriptor(1, text);
  },
  complain: (text) => {
    try {
      writeDescriptor(2, text);
    } catch {
      // The exit code says it.
    }
  },
};

function kindOf(path: string): FileKind {
  try {
    const found = statSync(nameOf(path));
    return found.isFile() ? "file" : found.isDirectory() ? "folder" : "other";
  } catch {
    return "none";
  }
}
