import { endOf } from "../base/ranges.ts";
import { physAddr } from "../base/units.ts";
import type { PlacedSystem } from "../ir/placed.ts";
import type { RunPlan } from "../ir/plan.ts";

export function runPlan(placed: PlacedSystem): RunPlan | undefined {
  const { emulator } = placed.resolved.board.profile;
  if (emulator === undefined) return undefined;
  return {
    program: emulator.program,
    machineArgs: emulator.args,
    ...(placed.resolved.hypervisor.image.kind === "core" && {
      image: { at: placed.image.start, kernelAddress: emulator.kernelAddress },
    }),
    stub: bootStub(placed),
  };
}

/** Bytes of the stub: three instructions, padding, two addresses. */
const stubSize = 32;

/**
 * Enters the hypervisor as arm64's boot protocol wants it (Linux Documentation/arm64/booting.rst): x0 holds the device
 * tree's address, MMU off. Lies at the end of the device tree's window, which the tree never fills.
 *
 *   ldr x0, [pc + 16]    ldr x17, [pc + 20]    br x17
 */
function bootStub(placed: PlacedSystem): RunPlan["stub"] {
  const instructions = [0x5800_0080n | (0x5800_00b1n << 32n), 0xd61f_0220n];
  return {
    at: physAddr(endOf(placed.deviceTree) - stubSize),
    words: [...instructions, BigInt(placed.deviceTree.start), BigInt(placed.hypervisor.start)],
  };
}
