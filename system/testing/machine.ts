import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { ConsoleSplitter } from "../../cli/tools/console.ts";
import type { ConsoleLine } from "../../cli/tools/console.ts";

/** How to start a machine. */
export interface MachineRequest {
  readonly program: string;
  readonly args: readonly string[];
  /** Names of its domains, in the order of their ids. */
  readonly domains: readonly string[];
}

const idleMilliseconds = 50;
const ctrlA = "\u0001";
/** Every running emulator; none outlives this process. */
const running = new Set<ChildProcessWithoutNullStreams>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Boots a machine for the time of `use`, and ends it whatever happens. */
export async function withMachine<T>(request: MachineRequest, use: (machine: Machine) => Promise<T>): Promise<T> {
  const machine = new Machine(request);
  try {
    return await use(machine);
  } finally {
    await machine.stop();
  }
}

/** A machine in QEMU: what its domains have said, and a keyboard. */
export class Machine {
  readonly lines: ConsoleLine[] = [];
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #domains: readonly string[];
  readonly #watchers = new Set<() => void>();
  /** All output so far, as it came. */
  raw = "";
  #ended: string | undefined;

  constructor({ program, args, domains }: MachineRequest) {
    this.#domains = domains;
    this.#child = spawn(program, args, { stdio: "pipe" });
    running.add(this.#child);
    const splitter = new ConsoleSplitter(domains, (line) => {
      this.#note(line);
    });
    let timer: NodeJS.Timeout | undefined;
    this.#child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.raw += text;
      clearTimeout(timer);
      splitter.feed(text);
      timer = setTimeout(() => {
        splitter.idle();
      }, idleMilliseconds);
    });
    let stderr = "";
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    // Writing to a machine that has just ended is no news: the wait for its answer says so.
    this.#child.stdin.on("error", () => undefined);
    this.#child.on("error", (error) => {
      this.#end(error.message);
    });
    this.#child.on("close", (code, signal) => {
      clearTimeout(timer);
      this.#end(`${program} ended with ${signal ?? `code ${code ?? "?"}`}\n${stderr}`);
    });
  }

  get hasEnded(): boolean {
    return this.#ended !== undefined;
  }

  /** Complete lines of one speaker: a domain's name or "hypervisor". */
  saidBy(speaker: string): string[] {
    return this.lines.filter((line) => line.complete && line.speaker === speaker).map((line) => line.text);
  }

  /** Waits for a line of that speaker; with `from`, only lines noted since then count. */
  async waitFor(speaker: string, text: string | RegExp, seconds: number, from = 0): Promise<ConsoleLine> {
    const matches = (line: ConsoleLine): boolean =>
      line.speaker === speaker && (typeof text === "string" ? line.text.includes(text) : text.test(line.text));
    return this.#until(() => this.lines.slice(from).find(matches), `[${speaker}] ${String(text)}`, seconds);
  }

  /** Waits for a complete line of which that holds. */
  async waitForLine(matches: (line: ConsoleLine) => boolean, seconds: number): Promise<ConsoleLine> {
    return this.#until(() => this.lines.find((line) => line.complete && matches(line)), "a line", seconds);
  }

  /** Waits until QEMU is gone. */
  async waitForEnd(seconds: number): Promise<void> {
    await this.#until(() => this.#ended, "the machine's end", seconds);
  }

  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Moves the input to a domain, by Ctrl-A three times, as often as it takes. */
  async focus(domain: string): Promise<void> {
    const domid = this.#domains.indexOf(domain) + 1;
    for (let press = 0; press <= this.#domains.length + 2; press++) {
      if (this.#focused() === domid) return;
      const from = this.lines.length;
      this.type(ctrlA.repeat(3));
      await this.waitFor("hypervisor", "*** Serial input to", 20, from);
    }
    throw new Error(`the input did not move to ${domain}:\n${this.tail()}`);
  }

  /** Types a line for a domain and waits for what that domain answers. */
  async ask(domain: string, command: string, answer: string | RegExp, seconds = 60): Promise<ConsoleLine> {
    await this.focus(domain);
    const from = this.lines.length;
    this.type(`${command}\n`);
    return this.waitFor(domain, answer, seconds, from);
  }

  async stop(): Promise<void> {
    if (this.#ended !== undefined) return;
    const closed = once(this.#child, "close");
    this.#child.kill("SIGKILL");
    await Promise.race([closed, sleep(5000)]);
  }

  tail(): string {
    return this.raw.slice(-3000);
  }

  #focused(): number {
    const last = this.lines.findLast(
      ({ speaker, text }) => speaker === "hypervisor" && text.includes("*** Serial input to"),
    );
    return Number(/DOM(\d+)/.exec(last?.text ?? "")?.[1] ?? 0);
  }

  #note(line: ConsoleLine): void {
    this.lines.push(line);
    for (const watcher of this.#watchers) watcher();
  }

  #end(why: string): void {
    running.delete(this.#child);
    this.#ended ??= why;
    for (const watcher of this.#watchers) watcher();
  }

  async #until<T>(look: () => T | undefined, what: string, seconds: number): Promise<T> {
    const { promise, resolve, reject } = withResolvers<T>();
    const fail = (why: string): void => {
      reject(new Error(`waited for ${what}: ${why}\n${this.tail()}`));
    };
    const watcher = (): void => {
      const found = look();
      if (found !== undefined) resolve(found);
      else if (this.#ended !== undefined) fail(this.#ended);
    };
    const timer = setTimeout(() => {
      fail(`${seconds} s have passed`);
    }, seconds * 1000);
    this.#watchers.add(watcher);
    watcher();
    return promise.finally(() => {
      clearTimeout(timer);
      this.#watchers.delete(watcher);
    });
  }
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((done, failed) => {
    resolve = done;
    reject = failed;
  });
  return { promise, resolve, reject };
}
