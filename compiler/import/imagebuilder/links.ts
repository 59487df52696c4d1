import type { EventChannelInput, SharedMemoryInput } from "../../config/input.ts";
import { guestAddresses } from "../shared-memory.ts";
import type { Configuration, Setting } from "./configuration.ts";
import { wholeNumber } from "./configuration.ts";

/** A domain that is taken over: its number in the file, and its name. */
export interface Numbered {
  readonly index: number;
  readonly name: string;
}

/** What one domain's line says. */
interface View {
  readonly domain: string;
  readonly size: number;
  readonly at?: number;
  readonly guestAt: number;
}

/** DOMU_SHARED_MEM[i], one line for each domain that sees it: nobody owns it, and each sees it where it likes. */
export function readSharedMemory(
  config: Configuration,
  domains: readonly Numbered[],
): Readonly<Record<string, SharedMemoryInput>> {
  const memories = new Map<string, readonly View[]>();
  for (const { index, name } of domains) {
    const setting = config.get("DOMU_SHARED_MEM", index);
    const view = setting && readView(config, setting);
    if (setting === undefined || view === undefined) continue;
    const before = memories.get(view.id) ?? [];
    if (before.some(({ at, size }) => at !== view.at || size !== view.size))
      config.refuse(
        setting,
        `what the domains before say of "${view.id}": all have the same size and, if any, the same host address`,
      );
    memories.set(view.id, [...before, { ...view, domain: name }]);
  }
  return Object.fromEntries([...memories].map(([id, views]) => [id, together(views)]));
}

function together(views: readonly View[]): SharedMemoryInput {
  const { size = 0, at } = views[0] ?? {};
  const guestAt = guestAddresses(views.map((view) => ({ domain: view.domain, at: view.guestAt })));
  return { size, ...(at !== undefined && { at }), ...guestAt, borrowers: views.map(({ domain }) => domain) };
}

/** "ID host guest size", or "ID guest size", where the hypervisor finds the memory. */
function readView(
  config: Configuration,
  setting: Setting,
): ({ readonly id: string } & Omit<View, "domain">) | undefined {
  const [id = "", ...words] = setting.value.trim().split(/\s+/);
  const numbers = words.map(wholeNumber).filter((number) => number !== undefined);
  const [size, guestAt, at] = numbers.toReversed();
  if (numbers.length !== words.length || numbers.length > 3 || size === undefined || guestAt === undefined) {
    config.refuse(setting, "a name, a host address (which may be left out), a guest address and a size");
    return undefined;
  }
  return { id, size, guestAt, ...(at !== undefined && { at }) };
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
