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

/**
 * Characters of a preprocessed text, at most 64 Mi, and tokens that all macros together may give: 4 Mi. The largest
 * source of Linux 6.1 has a text of 0.2 Mi. A macro that uses another one twice, which uses a third
 * twice, and so on, would otherwise never end.
 */
export const MAX_PREPROCESSED = 2 ** 26;
export const MAX_EXPANSION = 2 ** 22;

/** How deep the uses of macros in arguments of macros may nest; each level takes some of the machine's stack. */
export const MAX_MACRO_DEPTH = 200;

/** How deep files may include one another: dtc's limit, and the C preprocessor's. */
export const MAX_INCLUDE_DEPTH = 200;

/** Includes that include twice what includes twice … would otherwise never end. */
export const MAX_INCLUDES = 10_000;

/**
 * Characters of all files that a preprocessor includes, again for each time: 32 Mi, which is a hundred times what a source of
 * Linux 6.1 includes.
 */
export const MAX_INCLUDED = 2 ** 25;

/** After so many mistakes the rest of a source is not worth reading. */
export const MAX_ERRORS = 100;

/** So many warnings of a preprocessor are no source's: one file with a warning is included again and again. */
export const MAX_WARNINGS = 10_000;
