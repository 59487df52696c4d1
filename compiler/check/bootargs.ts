/** Values of each `name=` word of a Linux or Xen command line, in order, options after a comma included. */
export function argumentValues(bootargs: string, name: string): readonly string[] {
  return bootargs
    .split(/\s+/)
    .filter((word) => word.startsWith(`${name}=`))
    .map((word) => word.slice(name.length + 1));
}

/** A Xen boolean: `name`, `no-name` or `name=<boolean>`; the last one counts, without any it is false. */
export function booleanArgument(bootargs: string, name: string): boolean {
  const words = bootargs.split(/\s+/).filter((word) => word.replace(/^no-/, "").split("=")[0] === name);
  const [, value] = words.at(-1)?.split("=") ?? [];
  const yes = value === undefined || ["1", "on", "yes", "true", "enable"].includes(value);
  return words.length > 0 && yes !== (words.at(-1) ?? "").startsWith("no-");
}
