/** Text that may hold anything, as a terminal may show it: control and format characters are spelled out. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (found) => escaped(found.codePointAt(0) ?? 0));

/** As TypeScript spells it. */
function escaped(point: number): string {
  const hex = point.toString(16);
  return point > 0xffff ? `\\u{${hex}}` : `\\u${hex.padStart(4, "0")}`;
}

/** The same in quotes. */
export const quoted = (text: string): string => printable(JSON.stringify(text));

/** The text's first `length` units of UTF-16 where it has more, without half a character at their end. */
export const shortened = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "")}…` : text;
