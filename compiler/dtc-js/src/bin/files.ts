import {
  closeSync,
  fchmodSync,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  readSync,
  renameSync,
  unlinkSync,
  writeSync,
  type Stats,
} from "node:fs";
import { BrokenPipe, codeOf, FileError, guarded } from "./reasons.ts";

/** Bytes of one file, pipe or device that are read: half a gigabyte, the longest text that V8 can hold. */
export const MAX_FILE = 2 ** 29 - 24;

const CHUNK = 65_536;
/** Node refuses more than 2^31 - 1. */
const MOST_AT_ONCE = 2 ** 30;

/** The file of that name; names are one character a byte, as the machine's are. */
export const nameOf = (path: string): Buffer => Buffer.from(path, "latin1");

/** All that a file has, or a `FileError`. What has no end (a device, a pipe) is given up at `most` bytes. */
export function readWhole(path: string, most = MAX_FILE): Uint8Array {
  const descriptor = guarded(() => openSync(nameOf(path), "r"));
  try {
    return readDescriptor(descriptor, most);
  } finally {
    closeSync(descriptor);
  }
}

/** All that comes from an open file. It is not closed. */
export function readDescriptor(descriptor: number, most = MAX_FILE): Uint8Array {
  const { size } = guarded(() => fstatSync(descriptor));
  if (size > most) throw tooLarge(most);
  // One more, so that what has just that size needs no second buffer to find its end.
  let buffer = Buffer.allocUnsafe(Math.max(size + 1, CHUNK));
  let length = 0;
  for (;;) {
    const count = readSome(descriptor, buffer, length);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length > most) throw tooLarge(most);
    if (length === buffer.length) buffer = Buffer.concat([buffer], 2 * buffer.length);
  }
}

const tooLarge = (most: number): FileError => new FileError(`File too large (more than ${most} bytes)`, true);

function readSome(descriptor: number, buffer: Buffer, from: number): number {
  for (;;) {
    try {
      return readSync(descriptor, buffer, from, buffer.length - from, null);
    } catch (fault) {
      // A terminal, or a pipe that is not ready.
      if (codeOf(fault) === "EAGAIN") pause();
      else return guarded(() => raise(fault), true);
    }
  }
}

function raise(fault: unknown): never {
  throw fault;
}

/** Gives others the processor for a moment. */
function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
}

/** A character up to U+00FF is a byte of a name or value; others, which only messages have, are written in UTF-8. */
const bytesOf = (text: string): Buffer =>
  Buffer.from(
    text.replace(/[\u0100-\u{10ffff}]+/gu, (others) => Buffer.from(others).toString("latin1")),
    "latin1",
  );

/** Writes everything to an open file. `BrokenPipe` where nobody reads it. */
export function writeDescriptor(descriptor: number, data: Uint8Array | string): void {
  const bytes = typeof data === "string" ? bytesOf(data) : data;
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at, Math.min(bytes.length - at, MOST_AT_ONCE));
    } catch (fault) {
      const code = codeOf(fault);
      if (code === "EPIPE") throw new BrokenPipe();
      if (code === "EAGAIN") pause();
      else guarded(() => raise(fault), true);
    }
  }
}

/**
 * Writes a file so that its name never stands for a part of it: the bytes go into another file beside it, which then
 * takes its place, with its mode and owner. Where that cannot be, or would do something else, it is written in place:
 * devices and pipes, links of both kinds (`/dev/stdout` is one), folders in which no file can be made.
 */
export function writeWhole(path: string, data: Uint8Array | string): void {
  const name = nameOf(path);
  const before = lstatSyncOrNone(name);
  if (before === undefined || (before.isFile() && before.nlink === 1)) {
    // What may not be written may not be replaced either.
    if (before) closeSync(guarded(() => openSync(name, "r+")));
    if (replace(path, before, data)) return;
  }
  const descriptor = guarded(() => openSync(name, "w"));
  try {
    writeDescriptor(descriptor, data);
  } finally {
    closeSync(descriptor);
  }
}

function lstatSyncOrNone(name: Buffer): Stats | undefined {
  try {
    return lstatSync(name);
  } catch {
    // Opening it says why.
    return undefined;
  }
}

let made = 0;

/** False where no other file can take its place. */
function replace(path: string, before: Stats | undefined, data: Uint8Array | string): boolean {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  if (path === folder) return false;
  const other = nameOf(`${folder}.dtc-${process.pid}-${Date.now().toString(36)}-${made++}`);
  let descriptor: number;
  try {
    descriptor = openSync(other, "wx", 0o666);
  } catch {
    return false;
  }
  try {
    try {
      if (before && !keep(descriptor, before)) {
        unlinkSync(other);
        return false;
      }
      writeDescriptor(descriptor, data);
    } finally {
      closeSync(descriptor);
    }
    guarded(() => {
      renameSync(other, nameOf(path));
    }, true);
  } catch (fault) {
    unlinkSync(other);
    throw fault;
  }
  return true;
}

/** Gives a new file the mode and the owner of the one before; false where that is not allowed. */
function keep(descriptor: number, before: Stats): boolean {
  try {
    const { uid, gid } = fstatSync(descriptor);
    if (uid !== before.uid || gid !== before.gid) fchownSync(descriptor, before.uid, before.gid);
    fchmodSync(descriptor, before.mode & 0o7777);
    return true;
  } catch {
    return false;
  }
}
