import { entry } from "../entry.ts";

/** CHECK: optional properties of a domain, which of them a target knows, and what contradicts what. */
export const optionEntries = {
  XI4900: entry({
    severity: "error",
    message: (p: { field: string; target: string; since: string; instead: string }) =>
      `${p.target} does not know ${p.field}`,
    help: (p) => `it came with Xen ${p.since}; before, ${p.instead}`,
  }),
  XI4901: entry({
    severity: "warning",
    message: (p: { field: string; target: string; since: string; instead: string }) =>
      `${p.target} does not know ${p.field}, and passes over it`,
    help: (p) => `it came with Xen ${p.since}; before, ${p.instead}`,
  }),
  XI4902: entry({
    severity: "error",
    message: (p: { field: string; since: string; does: string }) => `the core does not do ${p.field}: ${p.does}`,
    help: (p) =>
      `leave it out, or build for upstream Xen from ${p.since} on: --target xen@${p.since} --hypervisor PATH`,
  }),
  XI4903: entry({
    severity: "warning",
    message: (p: { field: string; since: string; does: string }) => `the core passes over ${p.field}: ${p.does}`,
    help: (p) =>
      `leave it out, or build for upstream Xen from ${p.since} on: --target xen@${p.since} --hypervisor PATH`,
  }),
  XI4904: entry({
    severity: "error",
    message: (p: { domain: string; offered: number; needed: number }) =>
      `"${p.domain}" has shared interrupts up to number ${p.needed - 1}, and ${p.offered} in all`,
    help: (p) => `write nrSpis: ${p.needed}, or leave it out`,
  }),
  XI4905: entry({
    severity: "warning",
    message: (p: { domain: string; size: string; usual: string }) =>
      `${p.size} for the stage-2 tables of "${p.domain}" is less than the usual ${p.usual}`,
    help: () => "leave p2mMemory out: where tables run short, mappings fail while the domain runs",
  }),
  XI4906: entry({
    severity: "warning",
    message: (p: { domain: string }) => `"${p.domain}" is not told of its grant table`,
    help: () => 'add enhanced: "no-xenstore", or leave grants out',
  }),
  XI4907: entry({
    severity: "error",
    message: (p: { capability: string; first: string; domain: string }) =>
      `"${p.domain}" has the capability "${p.capability}", as "${p.first}" has`,
    help: () => "give it to one domain alone: the hypervisor stops at a second one",
  }),
  XI4908: entry({
    severity: "error",
    message: (p: { domain: string; field: string }) => `"${p.domain}" has all of the hardware, and ${p.field} besides`,
    help: (p) => `leave ${p.field} out, or take "hardware" out of capabilities`,
  }),
  XI4909: entry({
    severity: "error",
    message: (p: { domain: string }) => `"${p.domain}" has devices that its policy does not allow`,
    help: () => "leave passthroughPolicy out: with devices it is enabled",
  }),
  XI4910: entry({
    severity: "error",
    message: (p: { colors: string }) => `the colours ${p.colors} do not lie above those before them`,
    help: () => 'write colours in ascending order, each once: "0-3,8"',
  }),
  XI4911: entry({
    severity: "error",
    message: (p: { domain: string }) => `"${p.domain}" has colours, and the hypervisor's cache colouring is off`,
    help: () => "add llc-coloring=on to hypervisor.bootargs",
  }),
  XI4912: entry({
    severity: "error",
    message: (p: { domain: string; colored: string }) =>
      `"${p.domain}" has static banks in a system with cache colours (of "${p.colored}")`,
    help: () => "give a size instead of banks: memory at chosen addresses has the colours of those addresses",
  }),
  XI4913: entry({
    severity: "error",
    message: (p: { domain: string; first: string }) =>
      `"${p.domain}" would be the SCMI agent that "${p.first}" is already`,
    help: () => 'the firmware knows one agent under "scmi_smc": leave one domain\'s sci out',
  }),
  XI4914: entry({
    severity: "error",
    message: (p: { board: string; model: string }) => `the CPUs of ${p.board} (${p.model}) are no Armv8-R`,
    help: () => "leave v8rMsa out: Armv8-A has an MMU at EL1",
  }),
  XI4915: entry({
    severity: "error",
    message: (p: { domain: string }) => `"legacy" does not go with the static banks of "${p.domain}"`,
    help: () => "write enhanced: true, or give memory by size",
  }),
  XI4122: entry({
    severity: "warning",
    message: (p: { target: string; domain: string; colored: string }) =>
      `${p.target} gives "${p.domain}", which has no llcColors, those of "${p.colored}"`,
    help: () => "give it llcColors of its own, or write it before all domains that have them",
  }),
  XI4123: entry({
    severity: "warning",
    message: (p: { domain: string }) =>
      `"${p.domain}" has an event channel, but its device tree does not tell its kernel of Xen`,
    help: () => 'set enhanced: "no-xenstore", unless its kernel needs no /hypervisor node to find its channels',
  }),
  XI4124: entry({
    severity: "error",
    message: (p: { domain: string; why: string }) =>
      `"${p.domain}" has all of the hardware, which needs an IOMMU or a direct map: ${p.why}`,
    help: () => "set directMap: true with static banks, or let the hypervisor drive an IOMMU",
  }),
  XI4127: entry({
    severity: "error",
    message: (p: { name: string; domain: string }) =>
      `guestAt of the shared memory "${p.name}" names "${p.domain}", which does not see it`,
    help: (p) => `make "${p.domain}" a borrower, or take it out of guestAt`,
  }),
  XI4128: entry({
    severity: "error",
    message: (p: { domain: string; colors: string; size: string; room: string; count: number; all: number }) =>
      `with "${p.domain}", the domains of the colours ${p.colors} have ${p.size}: in RAM, ${p.count} of ${p.all} colours are ${p.room}`,
    help: () => "give more colours or less memory: the hypervisor needs a part of RAM as well",
  }),
  XI4129: entry({
    severity: "error",
    message: (p: { domain: string; color: number; count: number }) =>
      `"${p.domain}" has the colour ${p.color}, and the cache that hypervisor.bootargs describes has ${p.count}: 0 to ${p.count - 1}`,
    help: () => "colours are llc-size / llc-nr-ways / 4 KiB: correct these, or the domain's llcColors",
  }),
  XI4125: entry({
    severity: "error",
    message: () => "the core has no XSM: nothing would enforce the policy",
    help: () => "leave xsmPolicy out, or build for upstream Xen: --target xen@4.17 --hypervisor PATH",
  }),
  XI4126: entry({
    severity: "error",
    message: (p: { file: string }) => `${p.file} is no compiled FLASK policy`,
    help: () => "name what checkpolicy made, such as xenpolicy-4.17 of Xen's build: it begins with 8c ff 7c f9",
  }),
} as const;
