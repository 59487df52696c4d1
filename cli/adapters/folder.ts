import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { pipeline } from "node:stream/promises";

/** Paths of all files below a folder, relative to it, with forward slashes. Links are files: they are not followed. */
export async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, "/"));
}

/**
 * Size and SHA-256 of a regular file, which is not held in memory. Throws where it cannot be read, and for a link: a copy of
 * its folder would have the link, and what it leads to is somebody else's.
 */
export async function digestOfFile(path: string): Promise<{ readonly size: number; readonly sha256: string }> {
  const facts = await lstat(path);
  if (facts.isSymbolicLink()) throw new Error("it is a link");
  if (facts.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  if (!facts.isFile()) throw new Error("it is no regular file");
  const hash = createHash("sha256");
  let size = 0;
  await pipeline(createReadStream(path), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      hash.update(chunk);
      size += chunk.length;
    }
  });
  return { size, sha256: hash.digest("hex") };
}
