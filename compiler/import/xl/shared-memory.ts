import type { SharedMemoryInput } from "../../config/input.ts";
import { guestAddresses } from "../shared-memory.ts";
import type { Configuration } from "./configuration.ts";
import { Specification } from "./specification.ts";
import { wholeNumber } from "./value.ts";

interface View {
  readonly spec: Specification;
  readonly domain: string;
  readonly size: number;
  readonly begin: number;
  readonly owns: boolean;
}

/**
 * `static_shm` of all domains, by their identifiers (xl-static-shm-configuration(5), as proposed for Xen 4.12). There the
 * memory is a part of its owner's own; in the language it is nobody's RAM.
 */
export function readSharedMemory(
  domains: readonly { readonly name: string; readonly config: Configuration }[],
): Readonly<Record<string, SharedMemoryInput>> {
  const views = new Map<string, View[]>();
  for (const { name, config } of domains)
    for (const item of config.texts("static_shm")) {
      const spec = new Specification(config, item);
      const id = spec.take("id");
      const view = readView(spec, name);
      if (id === undefined || !/^[A-Za-z][\w.+-]{0,14}$/.test(id))
        spec.refuse('memory with an "id=" of 15 characters at most that begins with a letter');
      else if (view) views.set(id, [...(views.get(id) ?? []), view]);
    }
  return Object.fromEntries([...views].flatMap(([id, of]) => together(id, of)));
}

function readView(spec: Specification, domain: string): View | undefined {
  const [size = Number.NaN, begin = Number.NaN] = ["size", "begin"].map((key) => numberOf(spec.take(key)));
  const role = spec.take("role") ?? "";
  const offset = spec.take("offset");
  if (offset !== undefined && numberOf(offset) !== 0) spec.passOver("offset", "every domain sees all of the memory");
  if (spec.take("prot") === "ro") spec.passOver("prot", "who sees shared memory may write to it");
  for (const usual of ["cache_policy"]) spec.take(usual);
  spec.tellTheRest(() => "it is no key of static_shm");
  if (Number.isNaN(size) || size === 0 || Number.isNaN(begin) || !roles.has(role)) {
    spec.refuse('memory with "begin=", "size=" and the role owner or borrower');
    return undefined;
  }
  return { spec, domain, size, begin, owns: roles.get(role) === true };
}

/** Whether it owns the memory; the first drafts called them master and slave. */
const roles = new Map([
  ["owner", true],
  ["master", true],
  ["borrower", false],
  ["slave", false],
]);

const numberOf = (text: string | undefined): number =>
  (text === undefined ? undefined : wholeNumber(text)) ?? Number.NaN;

function together(id: string, views: readonly View[]): readonly (readonly [string, SharedMemoryInput])[] {
  const [first] = views;
  if (first === undefined) return [];
  const borrowers = [...new Set(views.filter(({ owns }) => !owns).map(({ domain }) => domain))];
  const owner = views.find(({ owns }) => owns);
  const other = views.find(({ size }) => size !== first.size);
  const second = views.filter(({ owns }) => owns)[1];
  if (borrowers.length === 0) first.spec.passOverAll("no domain that is imported with it borrows the memory");
  else if (other) other.spec.refuse(`what the domains before say of "${id}": all have the same size`);
  else if (second) second.spec.refuse(`memory of one owner: "${owner?.domain ?? ""}" owns "${id}" already`);
  else {
    const seen = new Map<string, number>();
    for (const { domain, begin, spec } of views) {
      if ((seen.get(domain) ?? begin) !== begin)
        spec.passOver("begin", `"${domain}" sees the memory elsewhere already`);
      else seen.set(domain, begin);
    }
    const guestAt = guestAddresses([...seen].map(([domain, at]) => ({ domain, at })));
    return [[id, { size: first.size, ...guestAt, ...(owner && { owner: owner.domain }), borrowers }]];
  }
  return [];
}
