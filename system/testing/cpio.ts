/** An entry of an initial ramdisk. Modes are octal permission bits; the kind adds its own. */
export type Entry =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "file"; readonly path: string; readonly bytes: Uint8Array; readonly mode: number }
  | { readonly kind: "character-device"; readonly path: string; readonly major: number; readonly minor: number };

/** File type bits of `mode` (POSIX, sys/stat.h). */
const types = { folder: 0o040000, file: 0o100000, "character-device": 0o020000 } as const;

/**
 * A "newc" archive, as the Linux kernel unpacks it (Documentation/driver-api/early-userspace/buffer-format.rst): an
 * ASCII header of 6 + 13 × 8 bytes, the name with its NUL, the data; name and data each padded to 4 bytes.
 */
export function cpio(entries: readonly Entry[]): Uint8Array {
  const chunks = entries.flatMap((entry, index) => record(entry.path, fieldsOf(entry, index + 1)));
  const nothing = { ino: 0, mode: 0, nlink: 1, major: 0, minor: 0, bytes: new Uint8Array() };
  return Buffer.concat([...chunks, ...record("TRAILER!!!", nothing)]);
}

interface Fields {
  readonly ino: number;
  readonly mode: number;
  readonly nlink: number;
  readonly major: number;
  readonly minor: number;
  readonly bytes: Uint8Array;
}

function fieldsOf(entry: Entry, ino: number): Fields {
  const plain = { ino, nlink: 1, major: 0, minor: 0, bytes: new Uint8Array() };
  switch (entry.kind) {
    case "folder":
      return { ...plain, mode: types.folder | 0o755, nlink: 2 };
    case "file":
      return { ...plain, mode: types.file | entry.mode, bytes: entry.bytes };
    case "character-device":
      return { ...plain, mode: types["character-device"] | 0o600, major: entry.major, minor: entry.minor };
  }
}

function record(path: string, { ino, mode, nlink, major, minor, bytes }: Fields): Uint8Array[] {
  const name = Buffer.from(`${path}\0`);
  // ino mode uid gid nlink mtime filesize devmajor devminor rdevmajor rdevminor namesize check
  const numbers = [ino, mode, 0, 0, nlink, 0, bytes.length, 0, 0, major, minor, name.length, 0];
  const header = `070701${numbers.map((value) => value.toString(16).padStart(8, "0")).join("")}`;
  return [padded(Buffer.concat([Buffer.from(header), name])), padded(bytes)];
}

function padded(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
}
