const BACKSLASH = 0x5c;

/**
 * Behind the quote that ends what the quote at `at` begins; escapes are passed over. Minus one: nothing ends it. A loop:
 * an expression would take some of the machine's stack for each character.
 */
export function endOfQuoted(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let end = at + 1; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === quote) return end + 1;
    if (code === BACKSLASH) end++;
  }
  return -1;
}

/** Behind the string or the character constant that begins at `at`; behind its quote alone, where it is neither. */
export function behindQuoted(text: string, at: number): number {
  const end = endOfQuoted(text, at);
  if (end < 0) return at + 1;
  const newline = text.charAt(at) === "'" ? text.indexOf("\n", at) : -1;
  return newline >= 0 && newline < end ? at + 1 : end;
}
