import type { SystemInput } from "./input.ts";

/** What `--set name=value` hands to a configuration that names no parameters: whatever was set, as text. */
export type Parameters = Readonly<Record<string, string | undefined>>;

/** Parameters by name with what each is where nobody sets it. Its type is that of all its values. */
export type ParameterDefaults = Readonly<Record<string, string | number | boolean>>;

/** `{ cpus: 4 }` is a number, not always 4. */
export type ParametersOf<Defaults extends ParameterDefaults> = {
  readonly [Name in keyof Defaults]: Defaults[Name] extends string
    ? string
    : Defaults[Name] extends number
      ? number
      : boolean;
};

/** A system that depends on parameters of known names and types. */
export interface ParameterizedSystem<Defaults extends ParameterDefaults, System> {
  (parameters: ParametersOf<Defaults>): System;
  readonly parameters: Defaults;
}

/** Identity, for its types: a pool, CPU, device or domain that does not exist is an error in the editor. */
export function defineSystem<
  const Cpu extends string,
  const Defaults extends ParameterDefaults,
  const Pool extends string = never,
  const Domain extends string = string,
  const Device extends string = string,
>(
  parameters: Defaults,
  build: (parameters: ParametersOf<Defaults>) => SystemInput<Cpu, Pool, Domain, Device>,
): ParameterizedSystem<Defaults, SystemInput<Cpu, Pool, Domain, Device>>;
// The function comes before the object: TypeScript checks a function's result once, against the first signature it tries.
export function defineSystem<
  const Cpu extends string,
  const Pool extends string = never,
  const Domain extends string = string,
  const Device extends string = string,
  P extends Parameters = Parameters,
>(
  build: (parameters: P) => SystemInput<Cpu, Pool, Domain, Device>,
): (parameters: P) => SystemInput<Cpu, Pool, Domain, Device>;
export function defineSystem<
  const Cpu extends string,
  const Pool extends string = never,
  const Domain extends string = string,
  const Device extends string = string,
>(system: SystemInput<Cpu, Pool, Domain, Device>): SystemInput<Cpu, Pool, Domain, Device>;
export function defineSystem(system: unknown, build?: (parameters: never) => unknown): unknown {
  return build === undefined ? system : Object.assign((parameters: never) => build(parameters), { parameters: system });
}
