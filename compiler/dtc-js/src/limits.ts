/**
 * How deep nodes may nest. dtc has no limit but its stack; ours is fixed so that hostile input gets an error instead.
 * Linux reads 64 levels (drivers/of), so this refuses nothing that boots.
 */
export const MAX_DEPTH = 1024;

/**
 * Names have no limit of their own, as in dtc. In a blob, though, a property takes 12 bytes however long its name, which
 * may be another's too, or its tail. So names of a blob's properties, each counted again for each, are all together at
 * most as long as the strings block, 255 bytes more for each property, and 16 Mi more. Names that do not overlap never
 * reach that, nor do names of up to 255 bytes, the longest that Linux can show below /proc/device-tree (NAME_MAX).
 */
export const FREE_NAME = 255;
export const MAX_SHARED_NAMES = 2 ** 24;

/**
 * Bytes of paths, 128 Mi of each kind: of the nodes in a blob before version 16, of references outside of `<>`, of
 * labels that symbols or aliases are made of, of the places in `__fixups__`. Few bytes of a source can name deep places
 * very often.
 */
export const MAX_PATHS = 2 ** 27;

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
