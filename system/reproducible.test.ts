import { execFileSync } from "node:child_process";
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { guest, root, temporaryFolder } from "./testing/paths.ts";

const system = `import { defineSystem } from "xenimg";
import { qemuVirt } from "xenimg/boards";

export default defineSystem({
  board: qemuVirt({ gic: 3, cpus: 4, memory: "1GiB" }),
  cpupools: { realtime: { cpus: ["cpu3"], scheduler: "null" } },
  domains: {
    one: { kernel: "a.bin", memory: "32MiB", bootargs: "name=one" },
    // A whole path: no output may show it.
    two: { kernel: new URL("b.bin", import.meta.url).pathname, memory: [{ at: 0x6000_0000, size: "32MiB" }], pool: "realtime" },
  },
});
`;

/** Every output of a build in a folder of its own, by path. */
function outputs(zone: string, locale: string): ReadonlyMap<string, Buffer> {
  const folder = temporaryFolder("reproducible");
  copyFileSync(guest("hello"), join(folder, "a.bin"));
  copyFileSync(guest("probe"), join(folder, "b.bin"));
  writeFileSync(join(folder, "board.ts"), system);
  execFileSync(process.execPath, [join(root, "dist", "cli", "bin.js"), "build", "board.ts", "-o", "out"], {
    cwd: folder,
    env: { ...process.env, TZ: zone, LC_ALL: locale },
  });
  const files = readdirSync(join(folder, "out"), { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const paths = files.map(({ parentPath, name }) => join(parentPath, name));
  return new Map(paths.sort().map((path) => [path.slice(folder.length), readFileSync(path)]));
}

it("writes the same bytes in another folder, time zone and locale", () => {
  const here = outputs("UTC", "C");
  const there = outputs("Pacific/Chatham", "tr_TR.UTF-8");
  expect([...there.keys()]).toEqual([...here.keys()]);
  expect(here.size).toBeGreaterThan(10);
  for (const [path, bytes] of there) expect([path, here.get(path)?.equals(bytes)]).toEqual([path, true]);
});
