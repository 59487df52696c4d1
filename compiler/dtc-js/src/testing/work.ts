/** Processor time in microseconds, the least of so many runs: what else the machine does counts little. */
export function processorTime(run: () => unknown, runs: number): number {
  const timed = (): number => {
    const start = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(start);
    return user + system;
  };
  return Math.min(...Array.from({ length: runs }, timed));
}
