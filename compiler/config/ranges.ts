/** Plain numbers of the language, by field: least and most. */
export const ranges = {
  /** Xen's own limit (public/arch-arm.h). */
  cpus: [1, 128],
  /** Of a domain (public/event_channel.h): static ports are below 1024. */
  port: [1, 1023],
  /** As xl(1) has it, sched-credit2. */
  weight: [1, 65535],
  /** Percent of one CPU; the core drives 32 of them. */
  cap: [1, 3200],
  /** µs, of rtds. */
  budget: [10, 1_000_000],
  period: [100, 1_000_000],
  /** µs, of arinc653. */
  majorFrame: [100, 10_000_000],
  duration: [100, 10_000_000],
  vcpu: [0, 127],
  /** A GIC has 1020 interrupts (GICv3, 2.2.1), and 32 of them are private; Xen counts SPIs by 32. */
  nrSpis: [0, 988],
  /** The guest's window for its grant table has 16 MiB (public/arch-arm.h). */
  frames: [1, 4096],
  maptrackFrames: [0, 2 ** 31 - 1],
  /** One cell of a device tree. */
  rollbackIndex: [0, 2 ** 32 - 1],
  /** Bits of a vector. */
  sve: [0, 2048],
} as const satisfies Record<string, readonly [number, number]>;
