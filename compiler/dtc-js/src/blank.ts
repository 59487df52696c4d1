const blank = /\s+|\/\*[^]*?\*\/|\/\/[^\n]*/y;

/** Behind white space and comments. A loop, for there may be millions of them. */
export function behindBlank(text: string, at: number): number {
  blank.lastIndex = at;
  let end = at;
  while (blank.test(text)) end = blank.lastIndex;
  return end;
}
