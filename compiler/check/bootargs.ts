/** Values of each `name=` word of a Linux or Xen command line, in order, options after a comma included. */
export function argumentValues(bootargs: string, name: string): readonly string[] {
  return bootargs
    .split(/\s+/)
    .filter((word) => word.startsWith(`${name}=`))
    .map((word) => word.slice(name.length + 1));
}
