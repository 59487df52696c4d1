/**
 * What must not stay behind when somebody stops the program. The handlers are there only while something is registered:
 * otherwise a signal ends the process at once, as it does by default.
 */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const cleaners = new Set<() => void>();

/** Runs `clean` if a signal ends this process, until the returned function is called. It cannot wait for anything. */
export function onInterrupt(clean: () => void): () => void {
  if (cleaners.size === 0) for (const signal of signals) process.on(signal, end);
  cleaners.add(clean);
  return () => {
    if (cleaners.delete(clean) && cleaners.size === 0) for (const signal of signals) process.off(signal, end);
  };
}

/** Cleans up, and dies of the signal all the same, so that a shell sees what happened. */
function end(signal: NodeJS.Signals): void {
  for (const clean of cleaners) {
    try {
      clean();
    } catch {
      // The others still have their turn.
    }
  }
  cleaners.clear();
  for (const each of signals) process.off(each, end);
  process.kill(process.pid, signal);
}
