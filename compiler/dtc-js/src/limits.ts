/**
 * How deep nodes may nest. dtc has no limit but its stack; ours is fixed so that hostile input gets an error instead.
 * Linux reads 64 levels (drivers/of), so this refuses nothing that boots.
 */
export const MAX_DEPTH = 1024;

/**
 * Bytes of a node's or a property's name. The specification says 31 (2.2.1, 2.2.4.1), which trees in use exceed and dtc
 * only warns of. Linux shows every node and property as a file below /proc/device-tree, and a file's name has at most
 * NAME_MAX = 255 bytes. Names in a blob may overlap, so that this also is what bounds the work of reading one: a
 * property takes 12 bytes of a blob, and gives at most 255 bytes of name.
 */
export const MAX_NAME = 255;

/**
 * Characters that `print` writes at most: 128 Mi, a hundred times the largest sources. A JavaScript string has a limit
 * of its own (V8: 2^29 - 24), which deep trees reach by their indentation alone.
 */
export const MAX_PRINTED = 2 ** 27;
