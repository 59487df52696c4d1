/** What -t says of a value: how it is written, and how wide its numbers are. */
export interface ValueFormat {
  /** Undefined: guessed from the bytes. */
  readonly kind: "s" | "i" | "u" | "x" | "r" | undefined;
  readonly width: 1 | 2 | 4 | undefined;
}

export const anyFormat: ValueFormat = { kind: undefined, width: undefined };

const widths = { hh: 1, b: 1, h: 2, l: 4 } as const;

/** "bx", "hhu", "s": undefined where it is no type. A width alone is none. */
export function parseFormat(text: string): ValueFormat | undefined {
  const [, width, kind] = /^(hh|b|h|l)?([siuxr])$/.exec(text) ?? [];
  if (kind === undefined) return undefined;
  return { kind: kind as ValueFormat["kind"], width: width === undefined ? undefined : widths[width as "hh"] };
}

/** Strings of printable ASCII, none empty, each with its NUL. */
export function readPrintable(bytes: Uint8Array): readonly string[] | undefined {
  if (bytes.length === 0 || bytes.at(-1) !== 0) return undefined;
  const strings = textOf(bytes.subarray(0, -1)).split("\0");
  return strings.every((each) => /^[ -~]+$/.test(each)) ? strings : undefined;
}

/** One character a byte. */
export const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");

/** The help of -t in the usage of fdtget and fdtput. */
export const typeHelp =
  "<type>\ts=string, i=int, u=unsigned, x=hex, r=raw\n" +
  "\tOptional modifier prefix:\n\t\thh or b=byte, h=2 byte, l=4 byte (default)";
