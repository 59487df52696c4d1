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
} as const satisfies Record<string, readonly [number, number]>;
