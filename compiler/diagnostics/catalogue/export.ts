import { entry } from "../entry.ts";

/** What `xenimg export` cannot say in another tool's words. */
export const exportEntries = {
  XI2250: entry({
    severity: "error",
    message: (p: { what: string; why: string }) => `${p.what} cannot be said to ImageBuilder: ${p.why}`,
    help: () => "leave it out, or boot what `xenimg build` writes: what was exported would be another system",
  }),
  XI2251: entry({
    severity: "error",
    message: (p: { what: string; name: string; why: string }) => `${p.what} cannot be the value of ${p.name}: ${p.why}`,
    help: () => "write another value: what was exported would be another system",
  }),
  XI2252: entry({
    severity: "error",
    message: (p: { needed: string }) =>
      `no RAM that nobody has by address holds all that ImageBuilder would load, ${p.needed} and what lies before`,
    help: () => "move static memory, heap and shared memory together",
  }),
  XI2253: entry({
    severity: "warning",
    message: (p: { name: string; since: string }) =>
      `ImageBuilder reads ${p.name} as it is written here since ${p.since}; an older one passes over it`,
    help: () => "see that yours is newer",
  }),
  XI2254: entry({
    severity: "warning",
    message: (p: { domain: string }) =>
      `"${p.domain}" may know other domains by their numbers, and ImageBuilder's script numbers them in another order`,
    help: () => "its script adds the last domain first; compare the numbers of the boot log with `map.txt`",
  }),
  XI2255: entry({
    severity: "warning",
    message: (p: { words: string }) => `ImageBuilder leaves out ${p.words}, as there is no dom0`,
    help: () => "they change nothing without one: leave them out, too",
  }),
} as const;
