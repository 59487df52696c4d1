/**
 * Takes one serial line apart into its speakers: the hypervisor and its domains. A domain's line carries a prefix
 * unless that domain has the input focus; the hypervisor says when the focus moves (hypervisor/README.md).
 */
export interface ConsoleLine {
  /** A domain's name, or "hypervisor". */
  readonly speaker: string;
  /** Without control characters and escape sequences: what a terminal would show of it. */
  readonly text: string;
  /** False where more may come: a prompt that waits for an answer. The same line comes again when it has grown. */
  readonly complete: boolean;
}

interface Prefix {
  readonly pattern: RegExp;
  readonly domid: (match: RegExpExecArray) => number;
}

/** Ours: "(XI) text", "(d2 ui) text". */
const ownPrefixes: readonly Prefix[] = [
  { pattern: /^\(XI\) /, domid: () => 0 },
  { pattern: /^\(d(\d+) [^)]*\) /, domid: (match) => Number(match[1]) },
];

/** Upstream Xen's: vpl011 without input focus, its own words, console_io. */
const upstreamPrefixes: readonly Prefix[] = [
  { pattern: /^(?:\(XEN\) )?DOM(\d+): ?/, domid: (match) => Number(match[1]) },
  { pattern: /^\(XEN\) ?/, domid: () => 0 },
  { pattern: /^\(d(\d+)\) ?/, domid: (match) => Number(match[1]) },
];

const focusMoved = /^\*\*\* Serial input to (?:DOM(\d+)|\w+)/;

/** The core erases an unfinished line, shows another's, and writes the unfinished one again. */
const eraseLine = "\r\u001b[K";

/** Control sequences, strings, other escape sequences (ECMA-48, sections 5.3 to 5.6), and characters but the tab. */
const unprintable =
  // eslint-disable-next-line no-control-regex -- it is about control characters
  /\u001b\[[ -?]*[@-~]|\u001b[P\]X^_][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

/** A line without an end is shown in pieces of so many characters. */
const longestPiece = 16_384;

export class ConsoleSplitter {
  readonly #domains: readonly string[];
  readonly #emit: (line: ConsoleLine) => void;
  /** Known from the first words of the hypervisor: no guest can change it. */
  #prefixes: readonly Prefix[] | undefined;
  #focus = 0;
  #pending = "";
  /** Who began the line that `#pending` goes on with. */
  #continues: string | undefined;

  /** `domains` in the order of their ids, from 1. */
  constructor(domains: readonly string[], emit: (line: ConsoleLine) => void) {
    this.#domains = domains;
    this.#emit = emit;
  }

  feed(text: string): void {
    const [rest = "", ...next] = text.split("\n");
    this.#append(rest);
    for (const line of next) {
      this.#emitPending(true);
      this.#append(line);
    }
  }

  /** Nothing has come for a while: what is pending is worth showing. */
  idle(): void {
    if (this.#pending !== "") this.#emit({ ...this.#attribute(), complete: false });
  }

  #append(text: string): void {
    this.#pending += text;
    // Its four characters may have come apart, so more than the new ones can hold it.
    const erased = this.#pending.lastIndexOf(eraseLine);
    if (erased >= 0) {
      this.#pending = this.#pending.slice(erased + eraseLine.length);
      this.#continues = undefined;
    }
    while (this.#pending.length > longestPiece) {
      const tail = this.#pending.slice(longestPiece);
      this.#pending = this.#pending.slice(0, longestPiece);
      this.#continues = this.#emitPending(true);
      this.#pending = tail;
    }
  }

  /** Returns who has spoken. */
  #emitPending(complete: boolean): string {
    const line = this.#attribute();
    this.#emit({ ...line, complete });
    this.#pending = "";
    this.#continues = undefined;
    return line.speaker;
  }

  #attribute(): { readonly speaker: string; readonly text: string } {
    const line = this.#pending.replaceAll("\r", "");
    if (this.#continues !== undefined) return { speaker: this.#continues, text: printable(line) };
    if (line.startsWith("(XI) ")) this.#prefixes ??= ownPrefixes;
    if (line.startsWith("(XEN) ")) this.#prefixes ??= upstreamPrefixes;
    for (const { pattern, domid } of this.#prefixes ?? ownPrefixes) {
      const match = pattern.exec(line);
      if (match === null) continue;
      const speaker = domid(match);
      const text = line.slice(match[0].length);
      const moved = speaker === 0 ? focusMoved.exec(text) : null;
      if (moved !== null) this.#focus = Number(moved[1] ?? 0);
      return { speaker: this.#nameOf(speaker), text: printable(text) };
    }
    return { speaker: this.#nameOf(this.#focus), text: printable(line) };
  }

  #nameOf(domid: number): string {
    return domid === 0 ? "hypervisor" : (this.#domains[domid - 1] ?? `domain ${domid}`);
  }
}

function printable(line: string): string {
  return line.replaceAll(unprintable, "");
}
