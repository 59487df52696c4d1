import { entry } from "../entry.ts";

/** Input files. XI20 any file, XI21 the lock file. */
export const fileEntries = {
  XI2001: entry({
    severity: "error",
    message: (p: { what: string; path: string }) => `${p.what} "${p.path}" does not exist`,
    help: (p: { what: string; path: string; named?: "hypervisor" | "argument" | "devices"; nearest?: string }) => {
      if (p.nearest !== undefined) return `did you mean "${p.nearest}"?`;
      if (p.named === "hypervisor")
        return "build the core with `make -C hypervisor`, or name another hypervisor with --hypervisor";
      if (p.named === "devices") return `a device is named in a list: passthrough: ["${p.path}"]`;
      return p.named === "argument"
        ? "the path is relative to the folder that you are in"
        : "paths are relative to the configuration's folder";
    },
  }),
  XI2002: entry({
    severity: "error",
    message: (p: { what: string; path: string; reason: string }) => `${p.what} "${p.path}" cannot be read: ${p.reason}`,
    help: () => "name a file that you may read",
  }),
  XI2003: entry({
    severity: "error",
    message: (p: { what: string; path: string }) => `${p.what} "${p.path}" is empty`,
    help: () => "look at the step that should have written it",
  }),
  XI2004: entry({
    severity: "error",
    message: (p: { what: string; path: string; size: string; needed: string }) =>
      `${p.what} "${p.path}" is cut short: ${p.size} of at least ${p.needed}`,
    help: () => "copy or download it again: its own headers say that more belongs to it",
  }),
  XI2005: entry({
    severity: "error",
    message: (p: { path: string; reason: string }) => `the gzip file "${p.path}" is damaged: ${p.reason}`,
    help: () => "compress or download it again; `gzip -t` says whether a file is whole",
  }),
  XI2101: entry({
    severity: "error",
    message: (p: { reason: string }) => `xenimg.lock.json cannot be used: ${p.reason}`,
    help: () => "restore it from version control, or let --relock write it anew",
  }),
} as const;
