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
    message: (p: { domain: string; kind: string }) =>
      `"${p.domain}" is an end of a "${p.kind}" link without Xen's interfaces and XenStore`,
    help: () => "add enhanced: true to the domain",
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
  // XI4925 is retired: links that the core did not set up.
  XI4926: entry({
    severity: "warning",
    message: (p: { count: number; target: string }) =>
      `${links(p.count)} checked and not set up: ${p.target} leaves that to a toolstack`,
    help: () =>
      'build writes dom0/pv.sh: run it in the domain that has xl and xenstored, which needs capabilities: ["control", "xenstore"]',
  }),
  XI4950: entry({
    severity: "error",
    message: () => 'a "9pfs" link has nobody who serves it',
    help: () =>
      "Linux's kernel has no backend of 9pfs, and those outside of it want a toolstack: offer a disk, or the folder over the network",
  }),
  XI4951: entry({
    severity: "error",
    message: (p: { domain: string }) =>
      `the memory of "${p.domain}", which is direct-mapped, covers the place of grants and XenStore`,
    help: () => "leave 0x38000000 to 0x39000000 out of its banks",
  }),
  XI4952: entry({
    severity: "error",
    message: (p: { name: string }) => `"${p.name}" is no name of a PV disk`,
    help: () => 'write "xvda", "xvdb" and so on to "xvdzz", or leave name out: a domain has 702 disks at most',
  }),
  XI4953: entry({
    severity: "error",
    message: (p: { device: string }) => `"${p.device}" is neither a block device's numbers nor a path`,
    help: () => 'write numbers as `lsblk` shows them, such as "254:0", or an absolute path in the backend',
  }),
  XI4954: entry({
    severity: "warning",
    message: (p: { device: string; backend: string }) =>
      `${p.device} appears only when a program in "${p.backend}" writes its numbers to XenStore`,
    help: () => 'write the numbers themselves, such as "254:0": no toolstack runs its scripts',
  }),
  XI4955: entry({
    severity: "error",
    message: (p: { what: string; count: number; limit: number }) =>
      `the PV links need ${p.count} ${p.what}, and the core's XenStore has room for ${p.limit}`,
    help: () => "use fewer links, or spread them over more domains",
  }),
  XI4956: entry({
    severity: "error",
    message: (p: { domain: string; field: string; wanted: number; limit: number }) =>
      `"${p.domain}" asks for ${p.wanted} ${p.field}, and the core has at most ${p.limit}`,
    help: (p) => `write ${p.limit} or less`,
  }),
  XI4957: entry({
    severity: "warning",
    message: (p: { backend: string; frontend: string }) =>
      `the default XSM policy of Arm refuses events and grants between "${p.backend}" and "${p.frontend}"`,
    help: () => 'add "xsm=dummy" to the hypervisor\'s bootargs, or give a FLASK policy (xsmPolicy)',
  }),
  XI4958: entry({
    severity: "warning",
    message: (p: {
      domain: string;
      what: string;
      queues: number;
      count: number;
      limit: number;
      mend?: { field: string; wanted: number };
    }) =>
      `the drivers of "${p.domain}" may take ${p.count} ${p.what} for its PV links, with ${p.queues === 1 ? "a queue" : `up to ${p.queues} queues`} each, and it has ${p.limit}`,
    help: (p) =>
      p.mend === undefined
        ? "load the drivers with max_queues, or use fewer links or CPUs"
        : `write grants: { ${p.mend.field}: ${p.mend.wanted} }, or load the drivers with max_queues`,
  }),
  XI4959: entry({
    severity: "error",
    message: (p: { backend: string; frontend: string; target: string }) =>
      `nothing sets up the console of "${p.backend}" for "${p.frontend}" on ${p.target}: xl attaches none`,
    help: () => "leave the link out for this target, or build for the core",
  }),
  XI4966: entry({
    severity: "error",
    message: (p: { device: string; count: number; limit: number }) =>
      `the path ${p.device} has ${p.count} bytes, and a value in the core's XenStore ${p.limit} at most`,
    help: () => "give the device a shorter path in the backend, or write its numbers",
  }),
} as const;
