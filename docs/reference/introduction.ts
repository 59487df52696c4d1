/** What stands above the sections. */
export const introduction = `# Reference

<!-- Made by docs/reference/ from the schema: change that, then npx vitest run --update --project unit docs -->

Every field of the language of \`board.ts\`: what \`defineSystem\` takes. The [guide](guide.md) shows how to use it.

**Columns.** *Becomes*: the property of the device tree that the hypervisor gets, in Xen's bindings
(\`docs/misc/arm/device-tree/{booting,cpupools}.txt\` of Xen 4.17). *Guarded by*: the diagnostics that stop a wrong
value; \`xenimg explain CODE\` has a page for each. A path such as \`domains.*.memory\` names a place: \`*\` is a name that
you choose. What the tables say of defaults and ranges is the schema's; each example is compiled and checked by a test.

**Units.** A *size* is a number of bytes, a bigint, or text: \`4096\`, \`KiB(4)\`, \`"512MiB"\`, \`"1.5 GiB"\`, \`"0x1000"\`. It
is at least 1. An *address* is written the same way, and is at most 2^52. Both must be whole numbers (XI1007). *Text*
has no control characters (XI1009). A *path* of a file is relative to the configuration. A *name* begins with a letter;
letters, digits and \`. _ + -\` follow (XI1006): it becomes a node of the device tree.

**For every field**: a wrong type is XI1001, a field that does not exist XI1002, a required one that is left out XI1003,
a text that is none of the choices XI1005, an empty list or text XI1008. What \`--set\` and
\`#\` name and is not there is XI1023, XI1024 or XI1025; a default of another type is
XI1040, a board that "xenimg/boards" does not have XI1041. A file that is missing, unreadable or empty is XI2001, XI2002 or XI2003. A field that is written as \`undefined\` is left out. All together may hold 100 000 values
(XI1013).
`;
