import { entry } from "../entry.ts";

/** XI48: devices of the board that are assigned to domains. */
export const deviceEntries = {
  XI4801: entry({
    severity: "error",
    message: (p: { device: string }) => `the board has no device "${p.device}"`,
    help: (p: { device: string; nearest: string | undefined }) =>
      p.nearest === undefined
        ? "name the path of its node in the board's device tree, an alias, or the node's name where only one has it"
        : `did you mean "${p.nearest}"?`,
  }),
  XI4802: entry({
    severity: "error",
    message: (p: { device: string; other: string }) => `the device ${p.device} is assigned to ${p.other} already`,
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
  XI4809: entry({
    severity: "error",
    message: (p: { what: string; reason: string }) => `${p.what} is no partial device tree: ${p.reason}`,
    help: () =>
      "write it as Xen's docs/misc/arm/passthrough.txt says: nodes below /passthrough with xen,reg and xen,path",
  }),
  XI4810: entry({
    severity: "warning",
    message: (p: { device: string; properties: readonly string[] }) =>
      `the guest sees ${p.device} without ${p.properties.join(", ")}: they lead to devices that it does not have`,
    help: () => "assign those as well, or give a partial device tree of your own",
  }),
} as const;
