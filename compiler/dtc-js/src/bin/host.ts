import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync, writeSync } from "node:fs";

/** What a command needs of the machine. Paths are strings as the user wrote them; "-" is a stream. */
export interface Host {
  readonly read: (path: string) => Uint8Array;
  readonly write: (path: string, data: Uint8Array | string) => void;
  readonly list: (path: string) => readonly { readonly name: string; readonly kind: "file" | "folder" | "other" }[];
  readonly isFolder: (path: string) => boolean;
  readonly print: (text: string | Uint8Array) => void;
  readonly complain: (text: string) => void;
}

/** Why a file could not be read or written, in C's words. */
export class FileError extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: "No such file or directory",
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOTDIR: "Not a directory",
};

function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (fault) {
    if (fault instanceof Error && "code" in fault && typeof fault.code === "string") {
      throw new FileError(reasons[fault.code] ?? fault.message);
    }
    throw fault;
  }
}

/** All of a stream: readFileSync(0) fails where it is a terminal, or a pipe that is not ready. */
function readAll(descriptor: number): Uint8Array {
  const chunks: Buffer[] = [];
  for (;;) {
    const chunk = Buffer.alloc(65_536);
    let count: number;
    try {
      count = readSync(descriptor, chunk, 0, chunk.length, null);
    } catch (fault) {
      if (fault instanceof Error && "code" in fault && fault.code === "EAGAIN") continue;
      throw fault;
    }
    if (count === 0) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, count));
  }
}

function writeAll(descriptor: number, data: Uint8Array | string): void {
  const bytes = typeof data === "string" ? Buffer.from(data, "latin1") : data;
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (fault) {
      if (!(fault instanceof Error && "code" in fault)) throw fault;
      if (fault.code === "EPIPE") return;
      if (fault.code !== "EAGAIN") throw fault;
    }
  }
}

/** The machine that Node runs on. Text is latin-1: what was read as bytes is written as the same bytes. */
export const machine: Host = {
  read: (path) => guarded(() => (path === "-" ? readAll(0) : readFileSync(path))),
  write: (path, data) => {
    guarded(() => {
      if (path === "-") {
        writeAll(1, data);
        return;
      }
      const descriptor = openSync(path, "w");
      try {
        writeAll(descriptor, data);
      } finally {
        closeSync(descriptor);
      }
    });
  },
  list: (path) =>
    guarded(() =>
      readdirSync(path, { withFileTypes: true }).map((entry) => ({
        name: entry.name,
        kind: entry.isDirectory() ? "folder" : entry.isFile() ? "file" : "other",
      })),
    ),
  isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
  print: (text) => {
    writeAll(1, text);
  },
  complain: (text) => {
    writeAll(2, text);
  },
};
