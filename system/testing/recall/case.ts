import { encode } from "dtc-js";
import type { Code, SystemInput } from "../../../compiler/index.ts";
import type { Machine } from "../machine.ts";
import type { Files, Loads } from "../unchecked.ts";

/** One way to fail at boot: what `check` says of the configuration, and what the board says of the images. */
export interface Case {
  /** In rows.ts. */
  readonly row: string;
  readonly what: string;
  /** Upstream Xen 4.17 as Debian builds it, or the core. */
  readonly on: "core" | "xen";
  /** A configuration with the mistake in it, and what names it. */
  readonly wrong: unknown;
  readonly code: Code;
  /** The system that is booted. Left out: `wrong` itself, lowered although `check` refuses it. */
  readonly sound?: SystemInput;
  /** The same mistake, made in what a loader puts into memory. */
  readonly damage?: (loads: Loads) => Loads;
  readonly files?: Files;
  readonly seen: Sight;
}

/** How the failure shows. */
export type Sight =
  /** The hypervisor says so and stops: no guest speaks. */
  | { readonly stops: RegExp }
  /** It says so, and goes on as if nothing were missing. */
  | { readonly warns: RegExp }
  /** Not a word from anybody. */
  | { readonly nothing: true }
  /** One domain does not speak, although another does, built after it. */
  | { readonly silent: string; readonly speaks: string }
  /** A domain is up, and not as it was to be. */
  | { readonly guest: string; readonly says: RegExp }
  /** The guest's device tree has lost a part: it is shorter than a sound one. */
  | { readonly treeCut: string };

/** Seconds until a guest has to have spoken on a busy machine. */
const patience = 120;

/** Throws where the machine does not fail as told; `first` are the seconds that a sound one takes to its last word. */
export async function observe(machine: Machine, seen: Sight, loads: Loads, first: number): Promise<void> {
  if ("stops" in seen) return stops(machine, seen.stops, loads);
  if ("warns" in seen) return says(machine, "hypervisor", seen.warns);
  if ("guest" in seen) return says(machine, seen.guest, seen.says);
  if ("treeCut" in seen) return treeIsCut(machine, seen.treeCut, loads);
  if ("silent" in seen) {
    await machine.waitFor(seen.speaks, "ready", patience);
    return never(machine, (speaker) => speaker === seen.silent, first);
  }
  return never(machine, () => true, 3 * first);
}

async function says(machine: Machine, speaker: string, words: RegExp): Promise<void> {
  await machine.waitFor(speaker, words, patience);
}

async function stops(machine: Machine, words: RegExp, { domains }: Loads): Promise<void> {
  await machine.waitFor("hypervisor", words, patience);
  await machine.waitFor("hypervisor", /^error: |Panic on CPU/, patience);
  for (const domain of domains) expectNothing(machine, (speaker) => speaker === domain);
}

async function never(machine: Machine, who: (speaker: string) => boolean, seconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  expectNothing(machine, who);
}

function expectNothing(machine: Machine, who: (speaker: string) => boolean): void {
  const spoken = machine.lines.filter(({ speaker, text }) => who(speaker) && text.trim() !== "");
  if (spoken.length > 0) throw new Error(`somebody speaks:\n${machine.tail()}`);
}

/** Upstream Xen says where it puts the tree, and so how long it is; a sound one is as long as the compiler predicts. */
async function treeIsCut(machine: Machine, domain: string, { guestTrees, domains }: Loads): Promise<void> {
  const domid = domains.indexOf(domain) + 1;
  const line = await machine.waitFor("hypervisor", new RegExp(`Loading d${domid} DTB to .*-0x[0-9a-f]+$`), patience);
  const [start = 0, end = 0] = (line.text.match(/0x[0-9a-f]+/g) ?? []).map(Number);
  const whole = guestTrees.find((each) => each.domain === domain);
  if (whole === undefined || end - start >= encode(whole.tree).length)
    throw new Error(`the tree of ${domain} has all of its ${end - start} bytes`);
}
