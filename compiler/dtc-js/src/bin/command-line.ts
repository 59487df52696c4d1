import { readFileSync } from "node:fs";

/** The arguments of this process, one character a byte: names and values need not be UTF-8. */
export function commandLine(): readonly string[] {
  const decoded = process.argv.slice(2);
  // What Node could not decode it has replaced; Linux still knows what was given.
  const given = decoded.some((each) => each.includes("\ufffd")) ? fromLinux(decoded.length) : undefined;
  return given ?? decoded.map((each) => Buffer.from(each).toString("latin1"));
}

function fromLinux(count: number): readonly string[] | undefined {
  try {
    const all = readFileSync("/proc/self/cmdline", "latin1").split("\0").slice(0, -1);
    return count > 0 && all.length > count ? all.slice(-count) : undefined;
  } catch {
    return undefined;
  }
}
