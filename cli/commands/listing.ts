import { join } from "node:path";
import type { Artifact } from "../../compiler/index.ts";
import { formatSize, pieceLength } from "../../compiler/index.ts";

/** Files that were written into a folder, a line each. */
export function listOf(artifacts: readonly Pick<Artifact, "path" | "pieces">[], folder: string): string {
  const lines = artifacts.map(({ path, pieces }) => {
    const size = pieces.reduce((total, piece) => total + pieceLength(piece), 0);
    return `${join(folder, path)}  ${formatSize(size)}\n`;
  });
  return lines.join("");
}
