/** A link between two domains of these numbers, as the drivers of both ends find it in XenStore. */
export type StoreLink = { readonly backendId: number; readonly frontendId: number } & (
  StoreNet | StoreBlock | StoreConsole
);

interface StoreNet {
  readonly kind: "net";
  /** Of the frontend's interfaces, from 0. */
  readonly handle: number;
  readonly mac: string;
  readonly bridge?: string;
}

interface StoreBlock {
  readonly kind: "block";
  /** As xen-vbd-interface(7) has it. */
  readonly virtualDevice: number;
  /** What the frontend calls it. */
  readonly name: string;
  /** Numbers of the backend's kernel, "254:0", or a path there, whose numbers somebody there has to find out. */
  readonly device: string;
  readonly mode: "r" | "w";
}

interface DeviceNumbers {
  readonly major: number;
  readonly minor: number;
}

interface StoreConsole {
  readonly kind: "console";
  /** Of the frontend's consoles, from 1. */
  readonly number: number;
}

/** Of a frontend's consoles, from 0, as both ends know it: console 0 is the one that a toolstack gives every domain. */
export const consoleNumber = (index: number): number => index + 1;

/** The numbers of a block device, as Linux's tools show them: "254:0" is major 254, minor 0. They have 12 and 20 bits. */
export function deviceNumbers(device: string): DeviceNumbers | undefined {
  const [, major, minor] = (/^(\d{1,4}):(\d{1,7})$/.exec(device) ?? []).map(Number);
  if (major === undefined || minor === undefined) return undefined;
  return major < 2 ** 12 && minor < 2 ** 20 ? { major, minor } : undefined;
}

/** Of a backend's `physical-device`: both numbers are hexadecimal there. */
export const physicalDevice = ({ major, minor }: DeviceNumbers): string =>
  `${major.toString(16)}:${minor.toString(16)}`;

/**
 * The number of a disk's name (xen-vbd-interface(7)): Linux's major 202 with 16 minors each, and from the seventeenth disk
 * on a form of its own. Undefined where the name is no whole disk's.
 */
export function virtualDevice(name: string): number | undefined {
  const disk = diskNumber(name);
  if (disk === undefined) return undefined;
  return disk < 16 ? (202 << 8) | (disk << 4) : (1 << 28) | (disk << 8);
}

/** "xvda" is 0, "xvdz" 25, "xvdaa" 26, "xvdzz" 701. Undefined where the name is no whole disk's. */
export function diskNumber(name: string): number | undefined {
  const [, letters] = /^xvd([a-z]{1,2})$/.exec(name) ?? [];
  if (letters === undefined) return undefined;
  return Array.from(letters).reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 96, 0) - 1;
}

/** The name that `diskNumber` reads so. */
export function diskName(disk: number): string {
  let letters = "";
  for (let rest = disk; rest >= 0; rest = Math.floor(rest / 26) - 1)
    letters = String.fromCharCode(97 + (rest % 26)) + letters;
  return `xvd${letters}`;
}

/** An entry of our store's node (hypervisor/xen/README.md): who may what, where, and what is there at first. */
export interface StoreEntry {
  readonly rights: string;
  readonly path: string;
  readonly value: string;
}

/**
 * All that a store holds at first: a home for each domain of `domains`, and both ends of each link. An end's directory is
 * its own, and the other end lists and reads it; nobody sees anything else (docs/misc/xenstore-paths.pandoc; which keys
 * Linux's drivers ask for was observed).
 */
export const storeEntries = (domains: readonly number[], links: readonly StoreLink[]): readonly StoreEntry[] => [
  ...domains.flatMap(homeEntries),
  ...links.flatMap(linkEntries),
];

/** Those of one link. */
export function linkEntries(link: StoreLink): readonly StoreEntry[] {
  switch (link.kind) {
    case "net":
      return netEntries(link);
    case "block":
      return blockEntries(link);
    case "console":
      return consoleEntries(link);
  }
}

/** How many nodes each domain has of these entries, those on the way to them among them; 0 is the store itself. */
export function storeNodes(entries: readonly StoreEntry[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  addNodes(counts, new Set(), entries);
  return counts;
}

/** The same of more entries: `seen` are the paths of those that are counted, and grows with them. */
export function addNodes(counts: Map<number, number>, seen: Set<string>, entries: readonly StoreEntry[]): void {
  for (const { rights, path } of entries) {
    const owner = Number(/^[nrwb](\d+)/.exec(rights)?.[1] ?? 0);
    // Upwards, as far as it is new: what is above a node that was seen was seen with it.
    for (let node = path; node !== "" && !seen.has(node); node = node.slice(0, node.lastIndexOf("/"))) {
      seen.add(node);
      counts.set(owner, (counts.get(owner) ?? 0) + 1);
    }
  }
}

/** Bytes of the strings, each with the zero at its end. */
export const storeSize = (entries: readonly StoreEntry[]): number =>
  new TextEncoder().encode(
    storeStrings(entries)
      .map((text) => `${text}\0`)
      .join(""),
  ).length;

/** The strings of `xenimg,entries`. */
export const storeStrings = (entries: readonly StoreEntry[]): readonly string[] =>
  entries.flatMap(({ rights, path, value }) => [rights, path, value]);

/** The numbers of `xenimg,pairs`, backend and frontend: each pair once, in the order of the links. */
export function storePairs(links: readonly StoreLink[]): readonly (readonly [number, number])[] {
  const pairs = links.map(({ backendId, frontendId }) => [backendId, frontendId] as const);
  return [...new Map(pairs.map((pair) => [pair.join(), pair])).values()];
}

const home = (domain: number): string => `/local/domain/${domain}`;

/** The home is the store's, for its domain to list; what a guest of Xen writes while it boots is the domain's own. */
const homeEntries = (domain: number): readonly StoreEntry[] => [
  { rights: `n0r${domain}`, path: home(domain), value: "" },
  ...["backend", "control", "device", "memory"].map((name) => ({
    rights: `n${domain}`,
    path: `${home(domain)}/${name}`,
    value: "",
  })),
];

/** A key and what it says; the state comes last, for it says that the others are there. */
type Key = readonly [string, string];

const initialising: Key = ["state", "1"];

function netEntries(link: StoreLink & StoreNet): readonly StoreEntry[] {
  const { handle, mac, bridge } = link;
  const shared: readonly Key[] = [
    ["handle", String(handle)],
    ["mac", mac],
  ];
  return bothEnds(link, `vif/${handle}`, {
    frontend: shared,
    backend: [
      ...shared,
      ...(bridge === undefined ? [] : [["bridge", bridge] as const]),
      // Linux's backend takes no interface without a script, and waits for what it says: nobody runs one.
      ["script", "none"],
      ["hotplug-status", "connected"],
      ["online", "1"],
    ],
  });
}

function blockEntries(link: StoreLink & StoreBlock): readonly StoreEntry[] {
  const { virtualDevice, name, device, mode } = link;
  const numbers = deviceNumbers(device);
  return bothEnds(link, `vbd/${virtualDevice}`, {
    frontend: [
      ["virtual-device", String(virtualDevice)],
      ["device-type", "disk"],
    ],
    backend: [
      numbers === undefined ? (["params", device] as const) : (["physical-device", physicalDevice(numbers)] as const),
      ["mode", mode],
      ["dev", name],
      ["online", "1"],
    ],
  });
}

/** docs/misc/console.txt has keys besides for daemons of a toolstack (type, output, tty): no frontend of ours was seen to want them. */
function consoleEntries(link: StoreLink & StoreConsole): readonly StoreEntry[] {
  return bothEnds(link, `console/${link.number}`, { frontend: [], backend: [["online", "1"]] });
}

/** `device` is its kind and number in the frontend: "vif/0". */
function bothEnds(
  { backendId: backend, frontendId: frontend }: StoreLink,
  device: string,
  keys: { readonly frontend: readonly Key[]; readonly backend: readonly Key[] },
): readonly StoreEntry[] {
  const [kind, number] = device.split("/");
  const front = `${home(frontend)}/device/${device}`;
  const back = `${home(backend)}/backend/${kind}/${frontend}/${number}`;
  return [
    ...directory(`n${backend}r${frontend}`, back, [
      ["frontend-id", String(frontend)],
      ["frontend", front],
      ...keys.backend,
      initialising,
    ]),
    ...directory(`n${frontend}r${backend}`, front, [
      ["backend-id", String(backend)],
      ["backend", back],
      ...keys.frontend,
      initialising,
    ]),
  ];
}

const directory = (rights: string, path: string, keys: readonly Key[]): readonly StoreEntry[] => [
  { rights, path, value: "" },
  ...keys.map(([name, value]) => ({ rights, path: `${path}/${name}`, value })),
];
