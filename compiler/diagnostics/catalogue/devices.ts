import { entry } from "../entry.ts";

/** XI48: devices of the board that are assigned to domains, once it is known which they are. */
export const deviceEntries = {
  XI4802: entry({
    severity: "error",
    message: (p: { device: string; other: string }) => `the device ${p.device} is assigned to "${p.other}" already`,
    help: () => "a device has one owner: name it once",
  }),
  XI4803: entry({
    severity: "error",
    message: (p: { device: string; pages: string; what: string }) =>
      `the device ${p.device} cannot be assigned: ${p.pages} is ${p.what}`,
    help: () => "the hypervisor keeps RAM, the interrupt controller and its own console; take another device",
  }),
  XI4804: entry({
    severity: "error",
    message: (p: { device: string; other: string; domain: string; page: string }) =>
      `${p.device} shares the page at ${p.page} with ${p.other}, which "${p.domain}" has`,
    help: (p) => `a page goes whole to one domain: assign both to "${p.domain}"`,
  }),
  XI4805: entry({
    severity: "error",
    message: (p: { device: string; domain: string }) =>
      `${p.device} may read and write memory by itself, but "${p.domain}" is not direct-mapped`,
    help: () =>
      "set directMap: true with static banks: no IOMMU translates the device's addresses, which are the machine's",
  }),
  XI4806: entry({
    severity: "error",
    message: (p: { device: string; interrupt: string; problem: string }) =>
      `interrupt ${p.interrupt} of ${p.device} ${p.problem}`,
    help: () => "leave the device out, or let its driver poll: give a partial device tree of your own",
  }),
  XI4807: entry({
    severity: "error",
    message: (p: { device: string }) => `${p.device} has no registers that could be assigned`,
    help: () => "name the device itself: a node whose reg the CPUs reach",
  }),
  XI4808: entry({
    severity: "error",
    message: (p: { device: string; domain: string; range: string; what: string; taken: string }) =>
      `"${p.domain}" would see ${p.device} at ${p.range}, over ${p.what} ${p.taken}`,
    help: () =>
      "make the domain direct-mapped, with banks elsewhere, or give a partial device tree with another guest address in xen,reg",
  }),
  XI4811: entry({
    severity: "error",
    message: (p: { what: string; count: number; limit: number }) =>
      `the assigned devices have ${p.count} ${p.what} in all, the core takes ${p.limit}`,
    help: () => "assign fewer devices: leave out what no guest drives",
  }),
  XI4812: entry({
    severity: "warning",
    message: (p: { name: string; board: string; target: string }) =>
      `dtuart=${p.name} names no device of ${p.board} with registers: ${p.target} prints nowhere`,
    help: () => "name the UART's path or an alias of the board's tree, or leave dtuart out: stdout-path counts then",
  }),
  XI4120: entry({
    severity: "error",
    message: (p: { device: string; other: string; domain: string; iommu: string }) =>
      `${p.iommu} cannot tell ${p.device} from ${p.other}, which "${p.domain}" has`,
    help: (p) => `devices of one stream go to one domain: assign both to "${p.domain}"`,
  }),
} as const;
