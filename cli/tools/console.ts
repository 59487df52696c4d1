/**
 * Takes one serial line apart into its speakers: the hypervisor and its domains. A domain's line carries a prefix
 * unless that domain has the input focus; the hypervisor says when the focus moves (hypervisor/README.md).
 */
export interface ConsoleLine {
  /** A domain's name, or "hypervisor". */
  readonly speaker: string;
  readonly text: string;
  /** False where more may come: a prompt that waits for an answer. The same line comes again when it has grown. */
  readonly complete: boolean;
}

const prefixes = [
  // Upstream Xen's vpl011 without input focus.
  { pattern: /^(?:\(XEN\) )?DOM(\d+): ?/, domid: (match: RegExpExecArray) => Number(match[1]) },
  // Ours, and upstream Xen's for its own words.
  { pattern: /^\((?:XI|XEN)\) ?/, domid: () => 0 },
  // Ours: "(d2 ui) text". Upstream Xen's for console_io: "(d2) text".
  { pattern: /^\(d(\d+)(?: [^)]*)?\) ?/, domid: (match: RegExpExecArray) => Number(match[1]) },
] as const;

/** The core erases an unfinished line (CR, ESC [ K), shows another's, and writes the unfinished one again. */
// eslint-disable-next-line no-control-regex -- it is about control characters
const erased = /[^\n]*\r\u001b\[K/g;

export class ConsoleSplitter {
  readonly #domains: readonly string[];
  readonly #emit: (line: ConsoleLine) => void;
  #focus = 0;
  #pending = "";

  /** `domains` in the order of their ids, from 1. */
  constructor(domains: readonly string[], emit: (line: ConsoleLine) => void) {
    this.#domains = domains;
    this.#emit = emit;
  }

  feed(text: string): void {
    const lines = (this.#pending + text).replaceAll(erased, "").split("\n");
    this.#pending = lines.pop() ?? "";
    for (const line of lines) this.#emit({ ...this.#attribute(line), complete: true });
  }

  /** Nothing has come for a while: what is pending is worth showing. */
  idle(): void {
    if (this.#pending !== "") this.#emit({ ...this.#attribute(this.#pending), complete: false });
  }

  #attribute(raw: string): { readonly speaker: string; readonly text: string } {
    const line = raw.replaceAll("\r", "");
    const moved = /\*\*\* Serial input to (?:DOM(\d+)|\w+)/.exec(line);
    if (moved !== null) this.#focus = Number(moved[1] ?? 0);
    for (const { pattern, domid } of prefixes) {
      const match = pattern.exec(line);
      if (match !== null) return { speaker: this.#nameOf(domid(match)), text: line.slice(match[0].length) };
    }
    return { speaker: moved === null ? this.#nameOf(this.#focus) : "hypervisor", text: line };
  }

  #nameOf(domid: number): string {
    return domid === 0 ? "hypervisor" : (this.#domains[domid - 1] ?? `domain ${domid}`);
  }
}
