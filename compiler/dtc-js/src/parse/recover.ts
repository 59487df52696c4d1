import { Char, END } from "./chars.ts";
import type { Scanner } from "./scanner.ts";

const quoted = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'/y;

/**
 * Goes on behind the statement in which a mistake stands: behind its `;`, or before the `}` that closes the node
 * around it. Braces inside the statement are passed in pairs.
 */
export function recover(scanner: Scanner): void {
  for (let depth = 0; ;) {
    const code = scanner.peek();
    if (code === END) return;
    if (code === Char.closeBrace && depth === 0) return;
    if ((code === Char.quote || code === Char.apostrophe) && scanner.take(quoted)) continue;
    if (code === Char.openBrace) depth++;
    if (code === Char.closeBrace) depth--;
    scanner.advance(1);
    if (code === Char.semicolon && depth === 0) return;
  }
}
