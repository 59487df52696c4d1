/** QEMU hands out phandles from 0x8000 in the order in which it makes the nodes: CPUs last to first. */
export interface Phandles {
  readonly clock: number;
  readonly cpus: readonly number[];
  readonly gic: number;
  readonly its: number;
  readonly gpio: number;
}

export function phandlesFor(cpus: number): Phandles {
  const clock = 0x8000;
  const gic = clock + cpus + 1;
  return {
    clock,
    cpus: Array.from({ length: cpus }, (_, index) => clock + cpus - index),
    gic,
    its: gic + 1,
    gpio: gic + 2,
  };
}
