import { setImmediate as turn } from "node:timers/promises";
import { MessageChannel } from "node:worker_threads";
import { expect, it } from "vitest";
import { unread } from "./unread.ts";

it("finds what was posted before a listener has been told, and tells it once", async () => {
  const { port1: ours, port2: theirs } = new MessageChannel();
  const told: unknown[] = [];
  ours.on("message", (message) => told.push(message));
  theirs.postMessage("started");
  theirs.postMessage({ kind: "value" });
  theirs.close();
  expect([...unread(ours)]).toEqual(["started", { kind: "value" }]);
  await turn();
  await turn();
  expect(told).toEqual([]);
});
