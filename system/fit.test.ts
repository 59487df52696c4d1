import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DeviceTree } from "dtc-js";
import {
  addNode,
  cells64,
  decode,
  encode,
  findNode,
  getProperty,
  property,
  removeNode,
  setProperty,
  strings,
} from "dtc-js";
import { beforeAll, describe, expect, it } from "vitest";
import { writeInitramfs } from "./testing/initramfs.ts";
import { withMachine } from "./testing/machine.ts";
import { debian, guest, temporaryFolder } from "./testing/paths.ts";
import { build, xenimg } from "./testing/systems.ts";
import type { BuiltSystem, SystemRequest } from "./testing/systems.ts";
import { command, fromUboot, requireKey, stopAutoboot } from "./testing/uboot.ts";
import type { RequiredKey } from "./testing/uboot.ts";

const MiB = 1024 * 1024;
/** Beyond all that the images use. */
const loadedAt = 0x9000_0000;
const hex = (value: number): string => `0x${value.toString(16)}`;

const twoGuests: SystemRequest = {
  board: { cpus: 2, memory: "2GiB" },
  system: {
    domains: {
      control: { kernel: guest("hello"), bootargs: "name=control", memory: "32MiB" },
      ui: { kernel: guest("load"), bootargs: "name=ui", memory: [{ at: 0x7000_0000, size: 32 * MiB }] },
    },
  },
};

const treeOf = (blob: Uint8Array): DeviceTree => {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return decoded.value;
};

type Change = (tree: DeviceTree) => DeviceTree;

/** One bit of a property's value. */
const flipBit =
  (path: string, name: string, where = 0.5): Change =>
  (tree) => {
    const found = getProperty(findNode(tree, path) ?? tree.root, name);
    if (found === undefined) throw new Error(`${path} has no ${name}`);
    const bytes = found.value.bytes.slice();
    const at = Math.min(Math.floor(bytes.length * where), bytes.length - 1);
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    return setProperty(tree, path, { ...found, value: { bytes, markers: [] } });
  };

/** The second guest is the first one's twin, in whole: data, hash and all. */
const anotherGuest: Change = (tree) => {
  const { properties = [], children = [] } = findNode(tree, "/images/control-kernel") ?? {};
  const data = properties.find(({ name }) => name === "data");
  const [hash] = children;
  if (data === undefined || hash === undefined) throw new Error("no control-kernel");
  return addNode(setProperty(tree, "/images/ui-kernel", data), "/images/ui-kernel", hash);
};

const images = ["hypervisor", "device-tree", "control-kernel", "ui-kernel"] as const;
const configuration = "/configurations/conf-1";
const signature = `${configuration}/signature-1`;

const badData = /Bad hash value for 'hash-1' hash node in '[\w-]+' image node|Bad Data Hash/;
const unverified = /Verification failed for '.*' (config )?node|Failed to verify required signature 'key-dev'/;

/** Each region of the image with a change in it, and U-Boot's own words for that. */
const alterations: readonly (readonly [string, Change, RegExp])[] = [
  ...images.flatMap((name) => [
    [`the first bytes of ${name}`, flipBit(`/images/${name}`, "data", 0), badData] as const,
    [`the middle of ${name}`, flipBit(`/images/${name}`, "data"), badData] as const,
    [`the last byte of ${name}`, flipBit(`/images/${name}`, "data", 1), badData] as const,
    [`the hash of ${name}`, flipBit(`/images/${name}/hash-1`, "value"), unverified] as const,
    [`the load address of ${name}`, flipBit(`/images/${name}`, "load"), unverified] as const,
  ]),
  ["the signature", flipBit(signature, "value"), unverified],
  ["the configuration's words", flipBit(configuration, "description"), unverified],
  ["the image's words", flipBit("/", "description"), unverified],
  ["the name of the key", flipBit("/", "xenimg,key"), unverified],
  [
    "the loadables, of which one is gone",
    (tree) => setProperty(tree, configuration, property("loadables", strings("control-kernel"))),
    unverified,
  ],
  ["a guest, which is another guest's with its hash", anotherGuest, unverified],
  ["the signature, which is gone", (tree) => removeNode(tree, signature), /No 'signature' subnode found/],
  [
    "a guest, and the list of what is signed, which leaves it out",
    (tree) => {
      const listed = [
        "/",
        configuration,
        ...images.slice(0, 3).flatMap((name) => [`/images/${name}`, `/images/${name}/hash-1`]),
      ];
      return setProperty(anotherGuest(tree), signature, property("hashed-nodes", strings(...listed)));
    },
    unverified,
  ],
  [
    "the strings that are signed",
    (tree) => setProperty(tree, signature, property("hashed-strings", cells64(0))),
    unverified,
  ],
];

/** Numbers from 0 to below 1, the same each time. */
function* random(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** Files in a row from `loadedAt`, 2 MiB each. */
function inMemory(blobs: readonly Uint8Array[]): { readonly path: string; readonly at: number }[] {
  const folder = temporaryFolder("altered");
  return blobs.map((blob, index) => {
    const path = join(folder, `${index}.itb`);
    writeFileSync(path, blob);
    return { path, at: loadedAt + index * 2 * MiB };
  });
}

describe("U-Boot that requires our key", () => {
  let key: RequiredKey;
  let built: BuiltSystem;
  let good: Uint8Array;
  beforeAll(async () => {
    key = await requireKey(twoGuests);
    built = await build("fit", twoGuests, "--format", "fit", "--sign", key.privateFile);
    good = readFileSync(join(built.output, "image.itb"));
  });

  /** What U-Boot says to each of some files. Then it boots the good one: none has left anything behind. */
  async function answers(blobs: readonly Uint8Array[]): Promise<readonly string[]> {
    const files = inMemory([...blobs, good]);
    const said: string[] = [];
    await withMachine(fromUboot(built, key, files), async (machine) => {
      await stopAutoboot(machine);
      for (const { at } of files.slice(0, -1)) said.push(await command(machine, `bootm ${hex(at)}#conf-1`));
      const from = machine.lines.length;
      machine.type(`bootm ${hex(files.at(-1)?.at ?? 0)}#conf-1\n`);
      await machine.waitFor("hypervisor", "sha256,rsa2048:dev+ OK", 60, from);
      for (const domain of ["control", "ui"]) await machine.waitFor(domain, `ready: ${domain}, 1 of 1 CPUs`, 60, from);
    });
    for (const { path } of files.slice(0, -1)) {
      const { code, stdout } = await xenimg("verify", path, "--key", key.publicFile);
      expect([path, code, stdout]).toEqual([path, 1, ""]);
    }
    return said;
  }

  it("refuses what was altered, region by region, in its own words, as verify does", async () => {
    const said = await answers(alterations.map(([, change]) => encode(change(treeOf(good)))));
    for (const [index, [what, , words]] of alterations.entries())
      expect([what, said[index]]).toEqual([what, expect.stringMatching(words)]);
  });

  it("refuses what another key of the same name signed, and another system's part", async () => {
    const stranger = await requireKey(twoGuests);
    const foreign = await build("foreign", twoGuests, "--format", "fit", "--sign", stranger.privateFile);
    const unsigned = await build("unsigned", twoGuests, "--format", "fit");
    const blobs = [foreign, unsigned].map(({ output }) => readFileSync(join(output, "image.itb")));
    const [byStranger = "", byNobody = ""] = await answers(blobs);
    expect(byStranger).toMatch(unverified);
    expect(byNobody).toContain("No 'signature' subnode found");
  });

  it("refuses fifty single bits that were flipped at random", async () => {
    const numbers = random(5);
    const flips = Array.from({ length: 50 }, (_, index) =>
      flipBit(`/images/${images[index % images.length] ?? ""}`, "data", numbers.next().value),
    );
    const said = await answers(flips.map((flip) => encode(flip(treeOf(good)))));
    expect(said.length).toBe(50);
    for (const words of said) expect(words).toMatch(badData);
  });
});

describe.each([
  [3072, "sha384"],
  [4096, "sha512"],
] as const)("U-Boot that requires RSA-%i", (bits, hash) => {
  it(`boots two guests from a FIT with ${hash}`, async () => {
    const key = await requireKey(twoGuests, bits, hash);
    const built = await build("fit", twoGuests, "--format", "fit", "--hash", hash, "--sign", key.privateFile);
    const files = [{ path: join(built.output, "image.itb"), at: loadedAt }];
    await withMachine(fromUboot(built, key, files), async (machine) => {
      await stopAutoboot(machine);
      machine.type(`bootm ${hex(loadedAt)}#conf-1\n`);
      await machine.waitFor("hypervisor", `${hash},rsa${bits}:dev+ OK`, 60);
      for (const domain of ["control", "ui"]) await machine.waitFor(domain, `ready: ${domain}, 1 of 1 CPUs`, 60);
    });
  });
});

it("U-Boot boots two Debian Linux guests from a signed FIT, which answer at their consoles", async () => {
  const ramdisk = writeInitramfs(join(temporaryFolder("initramfs"), "initramfs.cpio.gz"));
  const linux = { kernel: debian("kernel"), ramdisk, bootargs: "console=ttyAMA0 quiet" };
  const twoLinux: SystemRequest = {
    board: { cpus: 3, memory: "2GiB" },
    system: {
      domains: {
        control: { ...linux, cpus: 1, memory: "128MiB" },
        ui: { ...linux, cpus: 2, memory: [{ at: 0x7000_0000, size: 160 * MiB }] },
      },
    },
  };
  const key = await requireKey(twoLinux);
  const built = await build("linux-fit", twoLinux, "--format", "fit", "--sign", key.privateFile);
  const files = [{ path: join(built.output, "image.itb"), at: loadedAt }];
  await withMachine(fromUboot(built, key, files), async (machine) => {
    await stopAutoboot(machine);
    machine.type(`bootm ${hex(loadedAt)}#conf-1\n`);
    await machine.waitFor("control", "ready: shell on 1 CPUs", 180);
    await machine.waitFor("ui", "ready: shell on 2 CPUs", 180);
    await machine.ask("ui", "echo in-$((50+5))", "in-55");
  });
});
