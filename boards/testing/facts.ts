import { readFileSync } from "node:fs";
import type { BoardInput } from "../../compiler/index.ts";
import { parseConfig } from "../../compiler/config/parse.ts";
import { boardFacts } from "../../compiler/resolve/board.ts";
import type { BoardFacts } from "../../compiler/ir/resolved.ts";

/** What the compiler reads of a board's tree; throws where it finds something to object to. */
export function factsOf(board: BoardInput): BoardFacts {
  const parsed = parseConfig({ board, domains: { a: { kernel: "Image", memory: "64MiB" } } });
  if (parsed.value === undefined) throw new Error(parsed.diagnostics.map(({ message }) => message).join("\n"));
  const { deviceTree, ...rest } = parsed.value.board;
  const blob = typeof deviceTree === "string" ? readFileSync(deviceTree) : deviceTree;
  const { value, diagnostics } = boardFacts({ ...rest, deviceTree: blob }, "the board's device tree");
  if (value === undefined || diagnostics.length > 0)
    throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join("\n"));
  return value;
}
