import type { QemuMachine } from "../../compiler/index.ts";
import { endOf, isMissing } from "../adapters/process.ts";
import type { Surroundings } from "../adapters/terminal.ts";
import { ConsoleSplitter } from "./console.ts";
import type { ConsoleLine } from "./console.ts";

export interface QemuRequest {
  readonly program: QemuMachine["program"];
  /** Machine, console and everything in its memory. */
  readonly args: readonly string[];
  /** Names, in the order of the domains' ids. */
  readonly domains: readonly string[];
  /** Texts to wait for; empty: until QEMU ends. */
  readonly expects: readonly string[];
  readonly seconds: number | undefined;
}

export type QemuEnding =
  | { readonly kind: "all-seen" }
  | { readonly kind: "missing" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "interrupted"; readonly signal: string; readonly unseen: readonly string[] }
  | { readonly kind: "ended" | "timed-out" | "stopped"; readonly unseen: readonly string[] };

/** Ctrl-], as in telnet: the one key that the guests do not get. */
const quitKey = 0x1d;
/** After this long without output, an unfinished line is a prompt. */
const idleMilliseconds = 50;

/** Boots a machine, shows its consoles, and always ends QEMU. */
export async function runQemu(request: QemuRequest, surroundings: Surroundings): Promise<QemuEnding> {
  const { execa } = await import("execa");
  const { program, args, expects, seconds } = request;
  // Should this process be killed, execa takes QEMU along.
  const qemu = execa(program, args, {
    reject: false,
    buffer: { stdout: false },
    stdin: "pipe",
    ...(seconds === undefined ? {} : { timeout: seconds * 1000 }),
    forceKillAfterDelay: 1000,
  });
  const unseen = new Set(expects);
  const user: { quit: boolean; signal?: string } = { quit: false };
  const show = consoleWriter(surroundings.stdout);
  const splitter = new ConsoleSplitter(request.domains, (line) => {
    show(line);
    for (const text of unseen) if (shows(line, text, request.domains)) unseen.delete(text);
    if (expects.length > 0 && unseen.size === 0) qemu.kill();
  });
  feed(qemu.stdout, splitter);
  const release = forwardInput(surroundings.stdin, qemu.stdin, () => {
    user.quit = true;
    qemu.kill();
  });
  const heed = onSignals((signal) => {
    user.signal = signal;
    qemu.kill();
  });
  try {
    const result = await qemu;
    splitter.idle();
    if (expects.length > 0 && unseen.size === 0) return { kind: "all-seen" };
    if (isMissing(result)) return { kind: "missing" };
    if (user.signal !== undefined) return { kind: "interrupted", signal: user.signal, unseen: [...unseen] };
    if (user.quit) return { kind: "stopped", unseen: [...unseen] };
    if (result.timedOut) return { kind: "timed-out", unseen: [...unseen] };
    if (!result.failed) return { kind: "ended", unseen: [...unseen] };
    surroundings.stderr(`${result.stderr}\n`);
    return { kind: "failed", reason: endOf(result) };
  } finally {
    release();
    heed();
    qemu.kill("SIGKILL");
  }
}

/** Whether a line is one that was waited for. A text that begins with a speaker, as shown, is that speaker's alone. */
function shows({ speaker, text }: ConsoleLine, expected: string, domains: readonly string[]): boolean {
  const named = ["hypervisor", ...domains].some((name) => expected.startsWith(`[${name}]`));
  return named ? `[${speaker}] ${text}`.startsWith(expected) : text.includes(expected);
}

/** Whoever ends this process ends QEMU first, and lets the caller clean up. Returns what undoes it. */
function onSignals(handler: (signal: string) => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, handler);
  return () => {
    for (const signal of signals) process.off(signal, handler);
  };
}

function feed(stdout: NodeJS.ReadableStream, splitter: ConsoleSplitter): void {
  let timer: NodeJS.Timeout | undefined;
  stdout.setEncoding("utf8");
  stdout.on("data", (text: string) => {
    clearTimeout(timer);
    splitter.feed(text);
    timer = setTimeout(() => {
      splitter.idle();
    }, idleMilliseconds);
  });
  stdout.on("end", () => {
    clearTimeout(timer);
  });
}

/** Shows lines with their speaker; one that was shown unfinished goes on where it stopped. */
function consoleWriter(stdout: (text: string) => void): (line: ConsoleLine) => void {
  let shown = "";
  return ({ speaker, text, complete }) => {
    const whole = `[${speaker}] ${text}`;
    stdout((whole.startsWith(shown) ? whole.slice(shown.length) : `\n${whole}`) + (complete ? "\n" : ""));
    shown = complete ? "" : whole;
  };
}

/** Hands what is typed to the guests, byte by byte where it comes from a terminal. Returns what undoes it. */
function forwardInput(stdin: Surroundings["stdin"], target: NodeJS.WritableStream, quit: () => void): () => void {
  const raw = stdin.isTTY === true && stdin.setRawMode !== undefined;
  const onData = (chunk: Buffer): void => {
    if (raw && chunk.includes(quitKey)) quit();
    else target.write(chunk);
  };
  // QEMU may end before it has read everything.
  target.on("error", () => undefined);
  if (raw) stdin.setRawMode(true);
  stdin.on("data", onData);
  return () => {
    stdin.off("data", onData);
    stdin.pause();
    if (raw) stdin.setRawMode(false);
  };
}
