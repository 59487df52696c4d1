import { spawnSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Piece } from "../ir/artifact.ts";
import { pieceLength } from "../ir/artifact.ts";

/** What a program said of a disk, and how it ended. */
export interface Answer {
  readonly code: number | null;
  readonly output: string;
}

/** The programs that everybody looks at disks with: Debian's gdisk, dosfstools and mtools. */
export interface DiskTools {
  readonly sgdisk: (...args: readonly string[]) => Answer;
  /** `fsck.vfat -n -v` of the partition from so many bytes on, of so many bytes. */
  readonly fsck: (start: number, size: number) => Answer;
  /** A program of mtools on the partition that begins so many bytes into the disk. */
  readonly mtools: (program: "mdir" | "mlabel" | "minfo", start: number, ...args: readonly string[]) => Answer;
  /** A file's bytes, as mcopy takes them out. */
  readonly copyOut: (start: number, path: string) => Uint8Array;
}

const environment = { ...process.env, PATH: `${process.env.PATH ?? ""}:/usr/sbin:/sbin`, MTOOLS_SKIP_CHECK: "0" };

function run(program: string, args: readonly string[]): Answer {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: "utf8",
    timeout: 120_000,
    env: environment,
  });
  if (error) throw error;
  return { code: status, output: stdout + stderr };
}

/** Writes a disk where programs can read it, for as long as `use` takes. */
export function withDisk<T>(pieces: readonly Piece[], use: (tools: DiskTools) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "xenimg-disk-"));
  const file = join(folder, "disk.img");
  try {
    writePieces(file, pieces);
    return use({
      sgdisk: (...args) => run("sgdisk", [...args, file]),
      fsck: (start, size) => {
        const partition = join(folder, "partition.img");
        writePieces(partition, [new Uint8Array(readFileSync(file).subarray(start, start + size))]);
        return run("fsck.vfat", ["-n", "-v", partition]);
      },
      mtools: (program, start, ...args) => run(program, ["-i", `${file}@@${start}`, ...args]),
      copyOut: (start, path) => {
        const out = join(folder, "out");
        const { code, output } = run("mcopy", ["-n", "-o", "-i", `${file}@@${start}`, `::${path}`, out]);
        if (code !== 0) throw new Error(output);
        return new Uint8Array(readFileSync(out));
      },
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function writePieces(path: string, pieces: readonly Piece[]): void {
  const file = openSync(path, "w");
  let at = 0;
  for (const piece of pieces) {
    if (piece instanceof Uint8Array) writeSync(file, piece, 0, piece.length, at);
    at += pieceLength(piece);
  }
  ftruncateSync(file, at);
  closeSync(file);
}
