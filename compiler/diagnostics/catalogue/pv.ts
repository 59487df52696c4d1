import { entry } from "../entry.ts";

const links = (count: number): string => (count === 1 ? "the PV link is" : `the ${count} PV links are`);

/** CHECK: paravirtual devices that one domain offers to another. */
export const pvEntries = {
  XI4920: entry({
    severity: "error",
    message: (p: { domain: string }) => `"${p.domain}" is both ends of a PV link`,
    help: () => "name two domains: a frontend waits for a backend elsewhere",
  }),
  XI4921: entry({
    severity: "error",
    message: (p: { domain: string; kind: string; upstream: boolean }) =>
      `"${p.domain}" is an end of a "${p.kind}" link without Xen's interfaces${p.upstream ? " and XenStore" : ""}`,
    help: (p) => `add enhanced: ${p.upstream ? "true" : '"no-xenstore"'} to the domain`,
  }),
  XI4922: entry({
    severity: "error",
    message: (p: { mac: string }) => `two interfaces have the MAC address ${p.mac}`,
    help: () => "give each its own, or leave mac out",
  }),
  XI4923: entry({
    severity: "error",
    message: (p: { domain: string; name: string }) => `"${p.domain}" has two PV devices of the name "${p.name}"`,
    help: () => "give each its own name",
  }),
  XI4924: entry({
    severity: "error",
    message: (p: { device: string; backend: string }) =>
      `${p.device} of "${p.backend}" is behind two links, and not for reading alone`,
    help: () => 'write mode: "r" for both, or give each its own device',
  }),
  XI4925: entry({
    severity: "warning",
    message: (p: { count: number }) => `${links(p.count)} checked and not set up: the core has no XenStore yet`,
    help: () => "the domains boot, and their frontends find no device",
  }),
  XI4926: entry({
    severity: "warning",
    message: (p: { count: number; target: string }) =>
      `${links(p.count)} checked and not set up: ${p.target} leaves that to a toolstack`,
    help: () =>
      "run xenstored and a toolstack in a domain, and attach the devices there; the system holds none by itself",
  }),
} as const;
