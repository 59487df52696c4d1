/**
 * The process in which a configuration is evaluated. Its own thread only watches: over the thread with the
 * configuration, which may loop as it likes, and over the command line, without which it ends.
 */
import { join } from "node:path";
import { MessageChannel, Worker } from "node:worker_threads";
import type { Ending, EvaluationRequest, ProcessMessage, ThreadMessage } from "./protocol.ts";
import { describeError } from "./thrown.ts";
import { unread } from "./unread.ts";

// The command line is gone, whatever ended it: so is the reason to go on, for everything in this group.
const end = (): boolean => process.kill(-process.pid, "SIGKILL");
process.once("disconnect", end);
// The configuration may have closed the way there.
process.on("error", end);
if (!process.connected) end();

const tell = (message: ProcessMessage): void => void process.send?.(message);

const { port1: ours, port2: theirs } = new MessageChannel();
// It loads before the request comes.
const worker = new Worker(join(import.meta.dirname, "worker.js"), {
  workerData: { port: theirs },
  transferList: [theirs],
  stdout: true,
  stderr: true,
});

process.once("message", (request: EvaluationRequest) => {
  run(request);
  ours.postMessage(request);
});

function run(request: EvaluationRequest): void {
  for (const stream of [worker.stdout, worker.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      tell({ kind: "print", text });
    });
  let ended = false;
  const settle = (ending: Ending): void => {
    if (ended) return;
    ended = true;
    // What was printed before is told before.
    setImmediate(() => {
      tell(ending);
    });
  };
  const heed = (message: ThreadMessage): void => {
    if (message.kind === "started") tell(message);
    else settle(message);
  };
  ours.on("message", heed);
  worker.once("error", (error: unknown) => {
    settle(describeError(error, request.file));
  });
  worker.once("exit", (code) => {
    // On a busy machine the thread's end may be seen before the answer that it gave.
    for (const message of unread(ours)) heed(message as ThreadMessage);
    settle({ kind: "ended", by: `exit code ${code}` });
  });
}
