import type { Configuration } from "./configuration.ts";

/** As the language takes names (docs/reference.md); the hypervisor speaks under its own. */
const valid = /^(?!hypervisor$)[A-Za-z][\w.+-]*$/;

/**
 * Names of the things with these numbers: `prefix` and the number, for ImageBuilder has none, unless `xenimg export` has kept
 * others in `variable`.
 */
export function namesOf(
  config: Configuration,
  variable: string,
  prefix: string,
  numbers: readonly number[],
): ReadonlyMap<number, string> {
  const usual = (number: number): string => `${prefix}${number}`;
  const used = new Set(numbers.filter((number) => config.get(variable, number) === undefined).map(usual));
  const names = numbers.map((number): readonly [number, string] => {
    const setting = config.get(variable, number);
    if (setting === undefined) return [number, usual(number)];
    if (!valid.test(setting.value)) config.refuse(setting, "a name: a letter, then letters, digits and . + - _");
    else if (used.has(setting.value)) config.refuse(setting, "a name of its own");
    used.add(setting.value);
    return [number, setting.value];
  });
  return new Map(names);
}
