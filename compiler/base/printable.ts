/** Text that may hold anything, as a terminal may show it: control and format characters are spelled out. */
export const printable = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The same in quotes. */
export const quoted = (text: string): string => printable(JSON.stringify(text));
