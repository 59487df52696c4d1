import { entry } from "../entry.ts";

/** XI462: what a boot of upstream Xen, of one release or as it is usually built, comes to grief at. */
export const bootEntries = {
  XI4620: entry({
    severity: "error",
    message: (p: { levels: number; limit: number; target: string }) =>
      `the board's device tree has nodes ${p.levels} levels deep, ${p.target} follows ${p.limit}`,
    help: () => "flatten the tree: before its console is up, the hypervisor dies of it without a word",
  }),
  XI4621: entry({
    severity: "error",
    message: (p: { domain: string; target: string; size: number; limit: number }) =>
      `with its devices, the device tree of "${p.domain}" has ${p.size} bytes; ${p.target} has ${p.limit}`,
    help: () =>
      'assign fewer devices, shorten the partial tree, or use Xen 4.18: the board would only say "Device tree generation failed"',
  }),
  XI4622: entry({
    severity: "error",
    message: (p: { board: string }) => `the GICv2 of ${p.board} has no interface for a hypervisor and its guests`,
    help: () =>
      "correct the node's reg (distributor, CPU interface, hypervisor's interface, virtual CPU interface), or take a board with a GICv3",
  }),
  XI4623: entry({
    severity: "error",
    message: (p: { board: string }) => `the device tree of ${p.board} has no timer`,
    help: () => 'take the tree that the board\'s firmware hands on: it has a node "arm,armv8-timer"',
  }),
  XI4624: entry({
    severity: "warning",
    message: (p: { what: string; option: string; target: string }) =>
      `${p.target} has ${p.what} only if it was built with ${p.option}`,
    help: (p: { what: string; option: string; target: string; without: string }) =>
      `use a build that has it (Debian's has not): without, ${p.without}`,
  }),
  XI4625: entry({
    severity: "warning",
    message: (p: { name: string; domain: string; guestAt: string }) =>
      `the direct-mapped "${p.domain}" would see the shared memory "${p.name}" at ${p.guestAt}, not where the machine has it`,
    help: () => "leave guestAt out, or write the same as at: later releases of upstream Xen stop at it",
  }),
  XI4626: entry({
    severity: "error",
    message: (p: { target: string }) =>
      `the /gic of this partial tree has no phandle, and ${p.target} makes it the guest's interrupt parent`,
    help: () =>
      "give it one that something uses, such as interrupt-parent = <&gic>: dtc drops a label that nobody names",
  }),
  XI4627: entry({
    severity: "error",
    message: (p: { node: string; phandle: string; limit: string; target: string }) =>
      `the phandle ${p.phandle} of ${p.node} in this partial tree is above ${p.limit}, and ${p.target} stops at it`,
    help: (p) => `take one up to ${p.limit}, or a label instead, for which dtc finds one`,
  }),
} as const;
