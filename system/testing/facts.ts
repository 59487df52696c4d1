import type { Machine } from "./machine.ts";

/** What a Linux guest says of its machine (init.sh, "facts" on its command line). */
export interface GuestFacts {
  /** The blob that the kernel was given, byte for byte. */
  readonly deviceTree: Buffer;
  /** /proc/iomem without what depends on the kernel's own choices. */
  readonly iomem: readonly string[];
  readonly cpus: number;
  /** /proc/cpuinfo's lines of features, one a CPU. */
  readonly features: readonly string[];
}

/** Waits until the guest has said everything. */
export async function readFacts(machine: Machine, domain: string, seconds: number): Promise<GuestFacts> {
  await machine.waitFor(domain, "ready: shell", seconds);
  const lines = machine.saidBy(domain);
  const section = (name: string): string[] => {
    const begin = lines.findIndex((line) => line.includes(`facts: begin ${name}`));
    const length = lines.slice(begin).findIndex((line) => line.includes("facts: end"));
    if (begin < 0 || length < 0) throw new Error(`${domain} did not report "${name}":\n${machine.tail()}`);
    return lines.slice(begin + 1, begin + length);
  };
  return {
    deviceTree: Buffer.from(section("device-tree").join(""), "base64"),
    iomem: section("iomem").filter((line) => !line.endsWith(": reserved")),
    cpus: Number(section("cpus")[0]),
    features: section("cpuinfo").filter((line) => line.startsWith("Features")),
  };
}
