import { cells, property, removeProperty, setProperty, strings } from "dtc-js";
import type { SystemInput } from "../../../compiler/index.ts";
import type { Case } from "./case.ts";
import { childWith, inTree, nodeAt, setInChild, system } from "./systems.ts";

const shared = (frames: object, name = "frames"): SystemInput =>
  system({ sharedMemory: { [name]: { size: "2MiB", borrowers: ["ui", "other"], ...frames } } });

const channels = (...list: NonNullable<SystemInput["eventChannels"]>): SystemInput => system({ eventChannels: list });

const one = channels({ from: ["ui", 10], to: ["other", 11] });

/** Shared memory and event channels. */
export const linkCases: readonly Case[] = [
  {
    row: "E2",
    what: "shared memory without a size",
    on: "core",
    wrong: system({ sharedMemory: { frames: { borrowers: ["ui", "other"] } } } as unknown as SystemInput),
    code: "XI1003",
    sound: shared({}),
    damage: inTree((tree) => removeProperty(tree, childWith(tree, "/chosen/ui", "xen,shared-mem"), "xen,shared-mem")),
    seen: { stops: /^error: \/chosen\/ui\/shared-mem@\w+: xen,shared-mem: missing/ },
  },
  {
    row: "E3",
    what: "a long name",
    on: "core",
    wrong: shared({}, "f".repeat(16)),
    code: "XI4602",
    seen: { stops: /^error: \/chosen\/ui\/shared-mem@\w+: xen,shm-id: missing, or not 1 to 15 characters/ },
  },
  {
    row: "E6",
    what: "shared memory that ends within a page",
    on: "core",
    wrong: shared({ size: 5000 }),
    code: "XI4604",
    seen: { stops: /^error: \/chosen\/ui\/shared-mem@\w+: xen,shared-mem: empty, not whole pages/ },
  },
  {
    row: "E7",
    what: "two of them that overlap",
    on: "core",
    wrong: system({
      sharedMemory: {
        frames: { size: "2MiB", at: 0x6000_0000, borrowers: ["ui", "other"] },
        more: { size: "2MiB", at: 0x6010_0000, borrowers: ["ui", "other"] },
      },
    }),
    code: "XI4001",
    seen: { stops: /^error: device tree: memory: shared memory of frames .* shared memory of more .* overlap/ },
  },
  {
    row: "E8",
    what: "shared memory outside RAM",
    on: "core",
    wrong: shared({ at: 0x9000_0000 }),
    code: "XI4303",
    seen: { stops: /^error: device tree: memory: shared memory of frames at 0x90000000 is not in RAM/ },
  },
  {
    row: "E10",
    what: "two owners",
    on: "core",
    wrong: shared({ owner: "ui", borrowers: ["ui", "other"] }),
    code: "XI4605",
    sound: shared({ owner: "ui", borrowers: ["other"] }),
    damage: setInChild("/chosen/other", "xen,shm-id", property("role", strings("owner"))),
    seen: { stops: /^error: \/chosen\/other\/shared-mem@\w+: role: "frames" has an owner already/ },
  },
  {
    row: "E11",
    what: "shared memory over the guest's RAM",
    on: "core",
    wrong: shared({ guestAt: 0x4000_0000 }),
    code: "XI4603",
    seen: { stops: /^error: \/chosen\/ui: xen,shared-mem: on the guest's RAM/ },
  },
  {
    row: "E12",
    what: "shared memory for a hypervisor that was built without",
    on: "xen",
    wrong: shared({}),
    code: "XI4624",
    seen: { stops: /Missing kernel boot module/ },
  },
  {
    row: "E13",
    what: "a port without its other end",
    on: "xen",
    wrong: system({ eventChannels: [{ from: ["ui", 10] }] } as unknown as SystemInput),
    code: "XI1003",
    sound: one,
    damage: setInChild("/chosen/ui", "xen,evtchn", property("xen,evtchn", cells(10))),
    seen: { stops: /xen,evtchn property value is not valid/ },
  },
  {
    row: "E14",
    what: "a channel to a domain that does not exist",
    on: "xen",
    wrong: channels({ from: ["ui", 10], to: ["nobody", 11] }),
    code: "XI3003",
    sound: one,
    damage: setInChild("/chosen/ui", "xen,evtchn", property("xen,evtchn", cells(10, 0x1234))),
    seen: { stops: /could not find remote evtchn phandle/ },
  },
  {
    row: "E15",
    what: "two channels at one port",
    on: "xen",
    wrong: channels({ from: ["ui", 10], to: ["other", 11] }, { from: ["ui", 10], to: ["other", 12] }),
    code: "XI4601",
    seen: { stops: /evtchn_(alloc_unbound|bind_interdomain)\(\) failure/ },
  },
  {
    row: "E15",
    what: "a port beyond the last",
    on: "xen",
    wrong: channels({ from: ["ui", 1024], to: ["other", 11] }),
    code: "XI1004",
    sound: one,
    damage: inTree((tree) => {
      const path = childWith(tree, "/chosen/ui", "xen,evtchn");
      const [, remote] = cellsOf(tree, path);
      return setProperty(tree, path, property("xen,evtchn", cells(1024, remote ?? 0)));
    }),
    seen: { stops: /evtchn_(alloc_unbound|bind_interdomain)\(\) failure/ },
  },
];

function cellsOf(tree: Parameters<typeof nodeAt>[0], path: string): readonly number[] {
  const value =
    nodeAt(tree, path).properties.find(({ name }) => name === "xen,evtchn")?.value.bytes ?? new Uint8Array();
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
  return [view.getUint32(0), view.getUint32(4)];
}
