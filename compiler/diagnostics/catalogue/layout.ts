import { entry } from "../entry.ts";

/** LAYOUT: what finds no place. XI50 placement, XI51 the lock file's addresses. */
export const layoutEntries = {
  XI5001: entry({
    severity: "error",
    message: (p: { size: string }) =>
      `no free memory for the ${p.size} that hypervisor, device tree and modules take together`,
    help: (p: { size: string; ranges: string }) =>
      `they need one range that starts on a 2 MiB boundary; valid ranges are ${p.ranges}`,
  }),
  XI5002: entry({
    severity: "error",
    message: (p: { name: string; size: string; missing: string }) =>
      `no memory for domain "${p.name}": ${p.missing} of its ${p.size} are left over`,
    help: (p: { name: string; size: string; missing: string; ranges: string }) =>
      `give this or another domain less; valid ranges are ${p.ranges}`,
  }),
  XI5003: entry({
    severity: "error",
    message: (p: { name: string; needed: string; bank: string }) =>
      `kernel, ramdisk and device tree of "${p.name}" need ${p.needed}, its first memory bank has ${p.bank}`,
    help: (p) => `give the domain at least ${p.needed} in its first bank`,
  }),
  XI5004: entry({
    severity: "error",
    message: (p: { name: string; at: string; bank: string }) =>
      `the uImage of "${p.name}" loads at ${p.at}, outside of the domain's first memory bank ${p.bank}`,
    help: () => "make the uImage with load address 0, or name the Image itself",
  }),
  XI5011: entry({
    severity: "error",
    message: (p: { domain: string; missing: number }) =>
      `no port of "${p.domain}" is left for ${p.missing} end${p.missing === 1 ? "" : "s"} of event channels`,
    help: (p: { domain: string; missing: number; first: number; last: number }) =>
      `a domain has ports ${p.first} to ${p.last}; one channel can wake a guest for several reasons`,
  }),
  XI5101: entry({
    severity: "warning",
    message: (p: { what: string; from: string; to: string }) =>
      `${p.what} moves from ${p.from}, where the lock file keeps it, to ${p.to}`,
    help: () => "its old place is taken or too small now; commit the new xenimg.lock.json if this is meant",
  }),
  XI5102: entry({
    severity: "info",
    message: (p: { what: string }) => `the lock file keeps a place for ${p.what}, which is no longer there`,
    help: () => "the next build drops the entry",
  }),
  XI5103: entry({
    severity: "info",
    message: (p: { from: string; to: string }) => `the image moves from ${p.from} to ${p.to}, the board's load address`,
    help: () => "the load address is not that of last time; commit the new xenimg.lock.json",
  }),
  XI5104: entry({
    severity: "warning",
    message: (p: { wanted: string; start: string; size: string }) =>
      `the image of ${p.size} has no room at the board's load address ${p.wanted}: it goes to ${p.start}`,
    help: (p: { wanted: string; start: string; size: string; ranges: string }) =>
      `tell the loader, or free the place; valid ranges are ${p.ranges}`,
  }),
  XI5010: entry({
    severity: "error",
    message: (p: { name: string; size: string; where: string; ranges: string }) =>
      `no place for the shared memory "${p.name}" (${p.size}) in ${p.where}; free: ${p.ranges}`,
    help: () => "make it smaller, or say where: at, guestAt",
  }),
} as const;
