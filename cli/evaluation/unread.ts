import type { MessagePort } from "node:worker_threads";
import { receiveMessageOnPort } from "node:worker_threads";

/** What was posted and no listener has been told yet, in order; nobody else is told of it then. */
export function* unread(port: MessagePort): Generator {
  for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port))
    yield (next as { readonly message: unknown }).message;
}
