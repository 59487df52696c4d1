/** So many arguments fit on any engine's stack. */
const piece = 4096;

/** Bytes as text, one character (at most U+00FF) a byte. */
export function latin1(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = "";
  for (let at = start; at < end; at += piece) {
    // An array-like is taken as it is; a spread would go through its iterator, byte by byte.
    const codes = bytes.subarray(at, Math.min(at + piece, end));
    text += Reflect.apply(String.fromCharCode, undefined, codes) as string;
  }
  return text;
}

/** The same up to the first NUL, as C reads a string: whatever follows, and if there is none, all. */
export function untilNul(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return latin1(bytes, 0, end < 0 ? bytes.length : end);
}
