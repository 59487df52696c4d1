import { diagnose } from "../../diagnostics/catalogue.ts";
import type { BoardInterrupt } from "../../ir/devices.ts";
import type { ResolvedSystem } from "../../ir/resolved.ts";
import type { OwnedDevice } from "../devices.ts";
import { assignedDevices, isWithin } from "../devices.ts";
import type { Rule } from "../rule.ts";

/** Shared interrupts of a GIC (INTIDs 32 to 1019). */
const sharedInterrupts = 988;

/** XI4806: an assigned interrupt is shared, and nobody else's; it has the same number for guest and machine. */
export const deviceInterrupt: Rule<ResolvedSystem> = {
  name: "device-interrupt",
  *check(system) {
    const owners = new Map<number, OwnedDevice>();
    for (const owned of assignedDevices(system))
      for (const interrupt of owned.device.interrupts) {
        const problem = problemOf(interrupt, owned, system, owners.get(interrupt.number));
        if (problem !== undefined)
          yield diagnose(
            "XI4806",
            { device: owned.name, interrupt: nameOf(interrupt), problem },
            { primary: { path: owned.device.place } },
          );
        else owners.set(interrupt.number, owned);
      }
  },
};

const nameOf = ({ kind, number }: BoardInterrupt): string =>
  kind === "other" ? `${number}` : `${kind.toUpperCase()} ${number}`;

function problemOf(
  { kind, number }: BoardInterrupt,
  owned: OwnedDevice,
  { board }: ResolvedSystem,
  other: OwnedDevice | undefined,
): string | undefined {
  const { domain, device } = owned;
  if (kind === "ppi") return "is each CPU's own: only shared ones go to domains";
  if (kind === "other" || number >= sharedInterrupts) return "is no shared interrupt of the GIC";
  if (number === board.console?.spi && device.path !== board.console.path) return "is the hypervisor's console's";
  if (domain.vpl011 && !domain.directMap && number === 0) return "is that of the domain's vpl011";
  if (other !== undefined && other.domain !== domain && !isWithin(owned, other))
    return `is that of ${other.name}, which "${other.domain.name}" has`;
  return undefined;
}
