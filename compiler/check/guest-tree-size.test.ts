import { test } from "@fast-check/vitest";
import { encode } from "dtc-js";
import fc from "fast-check";
import { expect } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import type { SystemInput } from "../config/input.ts";
import type { Target } from "../ir/target.ts";
import { guestTree } from "../lower/guest-tree.ts";
import { placedSystem } from "../testing/system.ts";
import { assignedSize, ownTreeSize } from "./guest-tree-size.ts";

const targets: readonly Target[] = [{ hypervisor: "core" }, { hypervisor: "xen", version: "4.17" }];

const flags = fc.record({ console: fc.boolean(), ramdisk: fc.boolean(), enhanced: fc.boolean(), shared: fc.boolean() });

test.prop([
  fc.integer({ min: 1, max: 20 }),
  fc.string({ maxLength: 40, unit: "grapheme-ascii" }),
  flags,
  fc.boolean(),
  fc.constantFrom(...targets),
])(
  "counts the bytes of the tree that LOWER predicts, or a few more where devices are assigned",
  async (cpus, bootargs, { console, ramdisk, enhanced, shared }, assigned, target) => {
    const value: SystemInput = {
      board: qemuVirt({ gic: 3, cpus: 2, memory: "1GiB" }),
      domains: {
        ui: {
          kernel: "Image",
          cpus,
          memory: "64MiB",
          ...(bootargs !== "" && { bootargs }),
          ...(ramdisk && { ramdisk: "rootfs.cpio" }),
          ...(enhanced && { enhanced: "no-xenstore" }),
          ...(assigned && { passthrough: ["/pl031@9010000"] }),
          console: console ? "vpl011" : "none",
        },
        other: { kernel: "Image2", memory: "64MiB" },
      },
      sharedMemory: shared ? { frames: { size: "2MiB", borrowers: ["ui", "other"] } } : {},
    };
    const placed = await placedSystem(value, target);
    const [domain] = placed.domains;
    if (domain === undefined) throw new Error("no domain");
    const size = ownTreeSize(domain.resolved, placed.resolved) + assignedSize(domain.resolved);
    const { length } = encode(guestTree(domain, placed));
    expect(size - length).toBeGreaterThanOrEqual(0);
    expect(size - length).toBeLessThanOrEqual(assigned ? 100 : 0);
  },
);
