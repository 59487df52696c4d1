/**
 * Configurations of any size, of shapes that could make a checker's work grow faster than they do: what is far too
 * much for a board, or at odds with all the rest, is answered as quickly as what is sound.
 */

const MiB = 2 ** 20;
/** Of the RAM of QEMU's virt machine. */
const memoryStart = 0x4000_0000;

/** @typedef {Readonly<Record<string, unknown>>} Fields */

/**
 * @param {number} count
 * @param {(index: number) => Fields} fields
 * @param {(index: number) => string} [name]
 */
const domains = (count, fields, name = (index) => `d${index}`) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [name(index), { kernel: "Image", memory: 16 * MiB, ...fields(index) }]),
  );

/** @param {number} index @param {number} [stride] */
const bank = (index, stride = 16 * MiB) => ({ at: memoryStart + index * stride, size: 16 * MiB });

/** @template T @param {number} count @param {(index: number) => T} make */
const list = (count, make) => Array.from({ length: count }, (_, index) => make(index));

/**
 * What `defineSystem` takes beside the board, of so many domains (banks, in "one domain's banks").
 * @type {Readonly<Record<string, (count: number) => Fields>>}
 */
export const shapes = {
  "memory by size": (count) => ({ domains: domains(count, () => ({})) }),
  "static banks": (count) => ({ domains: domains(count, (index) => ({ memory: [bank(index)] })) }),
  "ten banks each": (count) => ({
    domains: domains(count, (index) => ({
      memory: list(10, (nth) => ({ at: memoryStart + (index * 10 + nth) * 2 * MiB, size: 2 * MiB })),
    })),
  }),
  "one domain's banks": (count) => ({
    domains: domains(1, () => ({ memory: list(count * 10, (nth) => bank(nth, 2 * 16 * MiB)) })),
  }),
  "banks that all overlap": (count) => ({ domains: domains(count, (index) => ({ memory: [bank(index, 4096)] })) }),
  "one domain's banks that all overlap": (count) => ({
    domains: domains(1, () => ({ memory: list(count * 10, (nth) => bank(nth, 4096)) })),
  }),
  "one place for all": (count) => ({ domains: domains(count, () => ({ memory: [bank(0)], directMap: true })) }),
  "one device for all": (count) => ({ domains: domains(count, () => ({ passthrough: ["pl031@9010000"] })) }),
  "one port for all": (count) => ({
    domains: domains(count, () => ({})),
    eventChannels: list(count, (index) => ({ from: ["d0", 1], to: [`d${index}`, 1] })),
  }),
  "a chain of channels": (count) => ({
    domains: domains(count, () => ({})),
    eventChannels: list(count - 1, (index) => ({ from: `d${index}`, to: `d${index + 1}` })),
  }),
  "channels of one pair": (count) => ({
    domains: domains(2, () => ({})),
    eventChannels: list(count, () => ({ from: "d0", to: "d1" })),
  }),
  "a chain of shared memory": (count) => ({
    domains: domains(count, () => ({})),
    sharedMemory: Object.fromEntries(
      list(count - 1, (index) => [`s${index}`, { size: 4096, owner: `d${index}`, borrowers: [`d${index + 1}`] }]),
    ),
  }),
  "shared memory of all": (count) => ({
    domains: domains(count, () => ({})),
    sharedMemory: { all: { size: 4096, borrowers: list(count, (index) => `d${index}`) } },
  }),
  "a chain of network links": (count) => ({
    domains: domains(count, () => ({ enhanced: true })),
    pv: list(count - 1, (index) => ({ kind: "net", backend: `d${index}`, frontend: `d${index + 1}` })),
  }),
  "network links of one backend": (count) => ({
    domains: domains(count, () => ({ enhanced: true })),
    pv: list(count - 1, (index) => ({ kind: "net", backend: "d0", frontend: `d${index + 1}` })),
  }),
  "long names that differ at their ends": (count) => ({
    domains: domains(
      count,
      () => ({ pool: "nowhere" }),
      (index) => `${"long".repeat(60)}${index}`,
    ),
  }),
  "references to nobody": (count) => ({
    domains: domains(count, () => ({ passthrough: ["pl011@9000001"] })),
    eventChannels: list(count, (index) => ({ from: `d${index}x`, to: `x${index}` })),
  }),
};

/**
 * The text of a board.ts.
 * @param {Fields} system
 */
export const configurationOf = (system) => `import { GiB, defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 4, memory: GiB(512) }),
  ...(${JSON.stringify(system, undefined, 2)} as const),
});
`;

/** An arm64 Image of one page (Linux, Documentation/arch/arm64/booting.rst) that does nothing. */
export function smallKernel() {
  const kernel = Buffer.alloc(4096);
  kernel.writeBigUInt64LE(4096n, 16);
  kernel.writeBigUInt64LE(0x0an, 24);
  kernel.write("ARM\x64", 56, "latin1");
  return kernel;
}
