import { entry } from "../entry.ts";

/** RESOLVE: names that point nowhere, and files that are not what they should be. XI30 names, 31 board, 32 hypervisor. */
export const resolveEntries = {
  XI3001: entry({
    severity: "error",
    message: (p: { pool: string }) => `there is no pool "${p.pool}"`,
    help: (p: { pool: string; known: readonly string[]; nearest: string | undefined }) => suggestion(p),
  }),
  XI3002: entry({
    severity: "error",
    message: (p: { cpu: string; board: string }) => `the board ${p.board} has no CPU "${p.cpu}"`,
    help: (p: { cpu: string; board: string; known: readonly string[]; nearest: string | undefined }) => suggestion(p),
  }),
  XI3003: entry({
    severity: "error",
    message: (p: { domain: string }) => `there is no domain "${p.domain}"`,
    help: (p: { domain: string; known: readonly string[]; nearest: string | undefined }) => suggestion(p),
  }),
  XI3004: entry({
    severity: "error",
    message: (p: { cluster: string; board: string }) => `the board ${p.board} has no one cluster "${p.cluster}"`,
    help: (p: { cluster: string; board: string; known: readonly string[]; nearest: string | undefined }) =>
      p.known.length === 0 ? "list the labels of its CPUs: its device tree has no cpu-map" : suggestion(p),
  }),
  XI3101: entry({
    severity: "error",
    message: (p: { what: string; reason: string }) => `${p.what} cannot be decoded: ${p.reason}`,
    help: () => "name a .dtb file; compile a .dts with dtc first",
  }),
  XI3102: entry({
    severity: "error",
    message: (p: { missing: string }) => `the board's device tree has no ${p.missing}`,
    help: () => "take the tree that the board's firmware or vendor kernel really uses",
  }),
  XI3103: entry({
    severity: "error",
    message: (p: { labels: number; nodes: number }) =>
      `the board names ${p.labels} CPUs, its device tree has ${p.nodes}`,
    help: () => "give one label for each cpu node under /cpus, in the tree's order",
  }),
  XI3104: entry({
    severity: "error",
    message: (p: { node: string; problem: string }) =>
      `the board's device tree is not usable at ${p.node}: ${p.problem}`,
    help: () => "correct the tree: the hypervisor reads the same property",
  }),
  XI3201: entry({
    severity: "error",
    message: (p: { path: string; found: string }) => `the hypervisor "${p.path}" is ${p.found}, not an arm64 Image`,
    help: () => "name an uncompressed arm64 Image: hypervisor/build/core.img, or upstream's xen binary",
  }),
  XI3202: entry({
    severity: "error",
    message: (p: { path: string }) => `the hypervisor "${p.path}" is not the xenimg core`,
    help: () => "for upstream Xen say so: --target xen@4.17",
  }),
  XI3203: entry({
    severity: "error",
    message: (p: { path: string }) => `the hypervisor "${p.path}" is a finished image: modules are linked to it`,
    help: () => "name the core alone, as its build makes it: hypervisor/build/core.img",
  }),
} as const;

const suggestion = (p: { known: readonly string[]; nearest: string | undefined }): string =>
  p.nearest !== undefined
    ? `did you mean "${p.nearest}"?`
    : p.known.length === 0
      ? "none is declared"
      : `choose one of ${p.known.join(", ")}`;
