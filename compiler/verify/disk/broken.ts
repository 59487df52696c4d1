/** Thrown inside of a reader, and never out of it: what is wrong with a disk. */
export class BrokenDisk extends Error {}

export const broken = (reason: string): BrokenDisk => new BrokenDisk(reason);
