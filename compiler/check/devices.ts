import type { AssignedDevice, AssignedRegion } from "../ir/devices.ts";
import type { ResolvedDomain, ResolvedSystem } from "../ir/resolved.ts";

export interface OwnedDevice {
  readonly domain: ResolvedDomain;
  readonly device: AssignedDevice;
  /** As messages call it. */
  readonly name: string;
}

/** Every device that is assigned, in the domains' order. */
export const assignedDevices = ({ domains }: ResolvedSystem): readonly OwnedDevice[] =>
  domains.flatMap((domain) =>
    (domain.passthrough?.devices ?? []).map((device) => ({ domain, device, name: device.path ?? device.node })),
  );

/** Each pair of devices of two domains, the later one first. Made one by one: of a thousand devices there are many. */
export function* pairsOfDomains(system: ResolvedSystem): Iterable<readonly [OwnedDevice, OwnedDevice]> {
  const earlier: OwnedDevice[] = [];
  for (const later of assignedDevices(system)) {
    for (const other of earlier) if (other.domain !== later.domain) yield [later, other];
    earlier.push(later);
  }
}

/** Whether one is the other, or lies within it. */
export const isWithin = ({ device: a }: OwnedDevice, { device: b }: OwnedDevice): boolean =>
  a.path !== undefined &&
  b.path !== undefined &&
  (`${a.path}/`.startsWith(`${b.path}/`) || `${b.path}/`.startsWith(`${a.path}/`));

/** The same for regions that the core maps once: devices may share a page. */
export const regionKey = ({ machine, guest }: AssignedRegion): string =>
  [machine.start, machine.size, guest.start].join();
