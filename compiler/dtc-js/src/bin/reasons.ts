import { getSystemErrorMap } from "node:util";

/** Why a file could not be read or written, in C's words. */
export class FileError extends Error {
  readonly reason: string;
  /** It could be opened, and then a read or a write failed. */
  readonly opened: boolean;
  constructor(reason: string, opened = false) {
    super(reason);
    this.reason = reason;
    this.opened = opened;
  }
}

/** Whoever reads what a command prints has stopped: nobody hears what it could say of that. */
export class BrokenPipe extends Error {}

/** What strerror says where the text of libuv is another. */
const texts: Readonly<Record<string, string>> = {
  EACCES: "Permission denied",
  EBADF: "Bad file descriptor",
  EDQUOT: "Disk quota exceeded",
  EFBIG: "File too large",
  EINVAL: "Invalid argument",
  EIO: "Input/output error",
  EISDIR: "Is a directory",
  ELOOP: "Too many levels of symbolic links",
  EMFILE: "Too many open files",
  ENAMETOOLONG: "File name too long",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
  ENXIO: "No such device or address",
  EPERM: "Operation not permitted",
  EROFS: "Read-only file system",
  ETXTBSY: "Text file busy",
  // A NUL in a name, which no file has.
  ERR_INVALID_ARG_VALUE: "No such file or directory",
};

/** The code of an error of Node's file functions; undefined where it is none. */
export function codeOf(fault: unknown): string | undefined {
  return fault instanceof Error && "code" in fault && typeof fault.code === "string" ? fault.code : undefined;
}

/** Runs what touches a file, and makes a `FileError` of what the machine says. */
export function guarded<T>(act: () => T, opened = false): T {
  try {
    return act();
  } catch (fault) {
    const code = codeOf(fault);
    if (code === undefined) throw fault;
    const number = fault instanceof Error && "errno" in fault && typeof fault.errno === "number" ? fault.errno : 0;
    throw new FileError(texts[code] ?? getSystemErrorMap().get(number)?.[1] ?? code, opened);
  }
}
