import type { SourceFile } from "../span.ts";
import { Char, END } from "./chars.ts";
import type { Scanner } from "./scanner.ts";

/**
 * Goes on behind the statement in which a mistake stands: behind its `;`, or before the `}` that closes the node
 * around it. Braces inside the statement are passed in pairs.
 */
export function recover(scanner: Scanner): void {
  const skipQuoted = quotedSkipper(scanner);
  for (let depth = 0; ;) {
    const code = scanner.peek();
    if (code === END) return;
    if (code === Char.closeBrace && depth === 0) return;
    if ((code === Char.quote || code === Char.apostrophe) && skipQuoted(code)) continue;
    if (code === Char.openBrace) depth++;
    if (code === Char.closeBrace) depth--;
    scanner.advance(1);
    if (code === Char.semicolon && depth === 0) return;
  }
}

/** Passes a string, or a character constant on one line. One without an end is looked for once, not at each quote. */
function quotedSkipper(scanner: Scanner): (quote: number) => boolean {
  const hopeless = new Map<number, { readonly source: SourceFile; readonly until: number }>();
  return (quote) => {
    const { source, text, offset } = scanner;
    const known = hopeless.get(quote);
    if (known?.source === source && offset < known.until) return false;
    let at = offset + 1;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        scanner.advance(at + 1 - offset);
        return true;
      }
      if (code === Char.backslash) at++;
      else if (code === Char.newline && quote === Char.apostrophe) break;
    }
    hopeless.set(quote, { source, until: at });
    return false;
  };
}
