import type { EventChannelInput, SharedMemoryInput } from "../../config/input.ts";
import type { Configuration, Setting } from "./configuration.ts";
import { wholeNumber } from "./configuration.ts";

/** A domain that is taken over: its number in the file, and its name. */
export interface Numbered {
  readonly index: number;
  readonly name: string;
}

type Shared = Omit<SharedMemoryInput, "borrowers"> & { readonly borrowers: readonly string[] };

/** DOMU_SHARED_MEM[i], one line for each domain that sees it: nobody owns it. */
export function readSharedMemory(
  config: Configuration,
  domains: readonly Numbered[],
): Readonly<Record<string, SharedMemoryInput>> {
  const memories = new Map<string, Shared>();
  for (const { index, name } of domains) {
    const setting = config.get("DOMU_SHARED_MEM", index);
    const view = setting && readView(config, setting);
    if (setting === undefined || view === undefined) continue;
    const { id, ...region } = view;
    const before = memories.get(id);
    if (before && (before.at !== region.at || before.guestAt !== region.guestAt || before.size !== region.size))
      config.refuse(
        setting,
        `what the domains before say of "${id}": in board.ts all have the same addresses and size`,
      );
    memories.set(id, { ...(before ?? region), borrowers: [...(before?.borrowers ?? []), name] });
  }
  return Object.fromEntries(memories);
}

/** "ID host guest size", or "ID guest size", where the hypervisor finds the memory. */
function readView(
  config: Configuration,
  setting: Setting,
): ({ readonly id: string } & Omit<Shared, "borrowers">) | undefined {
  const [id = "", ...words] = setting.value.trim().split(/\s+/);
  const numbers = words.map(wholeNumber).filter((number) => number !== undefined);
  const [size, guestAt, at] = numbers.toReversed();
  if (numbers.length !== words.length || ![2, 3].includes(numbers.length) || size === undefined) {
    config.refuse(setting, "a name, a host address (which may be left out), a guest address and a size");
    return undefined;
  }
  return { id, size, ...(at !== undefined && { at }), ...(guestAt !== undefined && { guestAt }) };
}

/** DOMU_STATIC_EVTCHNS[i]: "local port, other domain, its port; …". Both ends of a channel name it; it is one. */
export function readEventChannels(config: Configuration, domains: readonly Numbered[]): readonly EventChannelInput[] {
  const names = new Map(domains.map(({ index, name }) => [index, name]));
  const channels: EventChannelInput[] = [];
  for (const { index, name } of domains) {
    const setting = config.get("DOMU_STATIC_EVTCHNS", index);
    for (const entry of setting?.value.split(";") ?? []) {
      if (setting === undefined || entry.trim() === "") continue;
      const [port, other, otherPort, ...more] = entry.trim().split(/\s+/).map(wholeNumber);
      const otherName = names.get(other ?? -1);
      if (port === undefined || otherPort === undefined || otherName === undefined || more.length > 0) {
        config.refuse(setting, 'a list of channels "port, number of another domain, its port", such as "1 1 2; 3 2 4"');
        break;
      }
      const channel: EventChannelInput = { from: [name, port], to: [otherName, otherPort] };
      if (!channels.some((known) => sameChannel(known, channel))) channels.push(channel);
    }
  }
  return channels;
}

const sameChannel = (a: EventChannelInput, b: EventChannelInput): boolean => endsOf(a).join() === endsOf(b).join();

const endsOf = ({ from, to }: EventChannelInput): readonly string[] =>
  [from, to].map((port) => JSON.stringify(port)).sort();
