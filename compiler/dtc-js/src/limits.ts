/**
 * How deep nodes may nest. dtc has no limit but its stack; ours is fixed so that hostile input gets an error instead.
 * Linux reads 64 levels (drivers/of), so this refuses nothing that boots.
 */
export const MAX_DEPTH = 1024;
