import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { expect } from "vitest";

/** Debian's package of the same name, or the whole browser. */
const programs = ["chromium-headless-shell", "chromium"];

/** Where the browser is; undefined on a machine whose archive has none (Ubuntu has only a snap). */
export const browserPath = (process.env["PATH"] ?? "")
  .split(delimiter)
  .flatMap((folder) => programs.map((program) => join(folder, program)))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
  readonly sessionId?: string;
}

/** A page of a headless Chromium, spoken to by the Chrome DevTools Protocol. */
export interface Page {
  /** Opens an address, and waits until it is loaded. */
  goto(url: string): Promise<void>;
  /** A command of the protocol. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** The value of an expression in the page. */
  evaluate(expression: string): Promise<unknown>;
  /** Waits until the expression has a true value, and answers with it. */
  until(expression: string): Promise<unknown>;
  /** What the page complained of, and what it asked the user: nothing, where all is well. */
  readonly complaints: string[];
  /** Every address that it asked for. */
  readonly requests: string[];
}

/** Starts a browser with one page, whose downloads go to a folder. It reaches no host but this machine. */
export async function startBrowser(
  profile: string,
  downloads: string,
): Promise<{ readonly page: Page; readonly stop: () => Promise<void> }> {
  const options = [
    "--headless",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    `--user-data-dir=${profile}`,
    // There is none for root, nor in most containers; the page is ours.
    "--no-sandbox",
  ];
  const child = spawn(browserPath ?? "chromium", options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
  const wire = connect(child.stdio[3] as Writable, child.stdio[4] as Readable);
  const { targetId } = await wire.send("Target.createTarget", { url: "about:blank" });
  const { sessionId } = await wire.send("Target.attachToTarget", { targetId, flatten: true });
  const page = await openPage(wire, String(sessionId));
  await wire.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: downloads });
  const stop = async (): Promise<void> => {
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  };
  return { page, stop };
}

interface Wire {
  send(method: string, params?: object, sessionId?: string): Promise<Record<string, unknown>>;
  listen(heard: (message: Message) => void): void;
}

/** Messages are JSON, each ended by a NUL. */
function connect(to: Writable, from: Readable): Wire {
  const waiting = new Map<number, (message: Message) => void>();
  const listeners: ((message: Message) => void)[] = [];
  let [count, rest] = [0, ""];
  from.setEncoding("utf8");
  from.on("data", (data: string) => {
    const parts = (rest + data).split("\0");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) waiting.get(message.id)?.(message);
      else for (const heard of listeners) heard(message);
    }
  });
  return {
    send: (method, params = {}, sessionId) =>
      new Promise((resolve, reject) => {
        const id = ++count;
        waiting.set(id, ({ error, result }) => {
          waiting.delete(id);
          if (error) reject(new Error(`${method}: ${error.message}`));
          else resolve(result ?? {});
        });
        to.write(`${JSON.stringify({ id, method, params, ...(sessionId !== undefined && { sessionId }) })}\0`);
      }),
    listen: (heard) => listeners.push(heard),
  };
}

async function openPage(wire: Wire, sessionId: string): Promise<Page> {
  const complaints: string[] = [];
  const requests: string[] = [];
  const loaded: (() => void)[] = [];
  const send: Page["send"] = (method, params) => wire.send(method, params, sessionId);
  wire.listen(({ method, params = {} }) => {
    const text = JSON.stringify(params);
    if (method === "Page.loadEventFired") for (const ready of loaded.splice(0)) ready();
    if (method === "Network.requestWillBeSent") requests.push((params["request"] as { url: string }).url);
    if (method === "Runtime.exceptionThrown") complaints.push(text);
    if (method === "Runtime.consoleAPICalled" && ["error", "warning"].includes(String(params["type"]))) {
      complaints.push(text);
    }
    if (method === "Log.entryAdded" && (params["entry"] as { level: string }).level !== "verbose")
      complaints.push(text);
    if (method === "Page.javascriptDialogOpening") {
      complaints.push(text);
      void send("Page.handleJavaScriptDialog", { accept: true });
    }
  });
  for (const domain of ["Page", "Runtime", "Log", "Network"]) await send(`${domain}.enable`);
  const evaluate: Page["evaluate"] = async (expression) => {
    const answer = await send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer["exceptionDetails"] !== undefined) throw new Error(JSON.stringify(answer["exceptionDetails"]));
    return (answer["result"] as { value?: unknown }).value;
  };
  return {
    complaints,
    requests,
    send,
    evaluate,
    goto: async (url) => {
      const ready = new Promise<void>((resolve) => loaded.push(resolve));
      await send("Page.navigate", { url });
      await ready;
    },
    until: (expression) =>
      expect.poll(() => evaluate(expression), { timeout: 60_000, interval: 50, message: expression }).toBeTruthy(),
  };
}
