import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { xenimg } from "../cli/testing/surroundings.ts";
import { variables } from "../compiler/import/imagebuilder/variables.ts";
import { bashVariables } from "./testing/bash-variables.ts";
import { comments, configurations, fixtures, folderFor } from "./testing/imagebuilder.ts";
import { debian } from "./testing/paths.ts";

interface RoundTrip {
  readonly folder: string;
  readonly config: string;
  readonly board: string;
  readonly rules: readonly string[];
}

/** A configuration and its files as a user has them, and the `board.ts` that import makes of it. */
async function imported(file: string): Promise<RoundTrip> {
  const text = readFileSync(join(fixtures, file), "utf8");
  const folder = folderFor(text);
  const [config, board] = [join(folder, file), join(folder, "board.ts")];
  writeFileSync(config, text);
  const { exitCode, stderr } = await xenimg(folder, "import", config, "-o", board);
  expect(exitCode, stderr).toBe(0);
  const [target] = comments(text, "target");
  return {
    folder,
    config,
    board,
    rules: target === undefined ? [] : ["--target", target, "--hypervisor", debian("xen")],
  };
}

const refused = ["colours.cfg"];

describe("an ImageBuilder configuration, imported and exported", () => {
  it.each(configurations.filter((name) => !refused.includes(name)))(
    "sets the same variables, and imported again is the same system: %s",
    async (file) => {
      const { folder, config, board, rules } = await imported(file);
      const again = join(folder, "again.cfg");
      const exported = await xenimg(folder, "export", board, "-o", again, ...rules);
      expect(exported.stderr).not.toContain("error");
      expect(exported.exitCode).toBe(0);
      expect(meaning(folder, again)).toEqual(meaning(folder, config));

      const back = await xenimg(folder, "import", again, "-o", join(folder, "again.ts"));
      expect(back.exitCode, back.stderr).toBe(0);
      const { stdout } = await xenimg(folder, "diff", board, join(folder, "again.ts"), "--format", "json", ...rules);
      expect(JSON.parse(stdout)).toEqual([]);
    },
  );

  it.each(refused)(
    "is refused where the hypervisor that it is built for would not read it, and nothing is written: %s",
    async (file) => {
      const { folder, board, rules } = await imported(file);
      const before = readdirSync(folder);
      const { exitCode, stdout, stderr } = await xenimg(
        folder,
        "export",
        board,
        "-o",
        join(folder, "again.cfg"),
        ...rules,
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
      expect(stderr.match(/error XI2250: llcColors of domain "domU[01]" cannot/g)).toHaveLength(2);
      expect(readdirSync(folder)).toEqual(before);
    },
  );
});

/** ImageBuilder's defaults: of any domain, of one by size, of one on static banks. */
const usual = { DOMU_CMD: "console=ttyAMA0", DOMU_VCPUS: "1", DOMU_VPL011: "1", DOMU_ENHANCED: "0" };
const sized = { DOMU_MEM: "512" };
const banked = { DOMU_DIRECT_MAP: "1" };
/** Import leaves out `dtuart=serial0` where the board has no such alias. */
const usualCommand = "console=dtuart bootscrub=0 vwfi=native sched=null";

/**
 * What bash has of a configuration, as ImageBuilder and import understand it: with defaults, without what is not taken
 * over, domains numbered as they boot, and files by their content.
 */
function meaning(folder: string, path: string): Readonly<Record<string, string>> {
  const all = bashVariables(path, readFileSync(path, "utf8"));
  const count = Number(all.get("NUM_DOMUS[0]"));
  const booting = Array.from({ length: count }, (_, index) => index).filter(
    (index) => all.get(`DOMU_NOBOOT[${index}]`) !== "1",
  );
  const found = Object.fromEntries([...all].flatMap(([key, value]) => taken(key, value, booting)));
  const domains = [...booting.keys()].flatMap((index) => {
    const preset = found[`DOMU_STATIC_MEM[${index}]`] === undefined ? sized : banked;
    return Object.entries({ ...usual, ...preset }).map(([name, value]) => [`${name}[${index}]`, value] as const);
  });
  const tree = join(folder, found["DEVICE_TREE[0]"] ?? "");
  return {
    ...Object.fromEntries(domains),
    ...found,
    "XEN_CMD[0]": (found["XEN_CMD[0]"] ?? usualCommand)
      .split(" ")
      .filter((word) => !word.startsWith("dom0") && word !== "dtuart=serial0")
      .join(" "),
    "DEVICE_TREE[0]": readFileSync(tree, "base64"),
    "NUM_DOMUS[0]": String(booting.length),
  };
}

/**
 * Where files are loaded to, domains' numbers, and the partial tree that export makes and ImageBuilder makes by itself from
 * the paths.
 */
const elsewhere = ["MEMORY_START", "DOMU_DOMID", "DOMU_NOBOOT", "DOMU_PASSTHROUGH_DTB"];

function taken(key: string, value: string, booting: readonly number[]): readonly (readonly [string, string])[] {
  const [, name = "", first = "", rest = ""] = /^(\w+)\[(\d+)(.*)\]$/.exec(key) ?? [];
  const known = variables[name];
  if (known === undefined || known.why !== undefined || elsewhere.includes(name) || name.startsWith("XENIMG_"))
    return [];
  const domain = ["domain", "vcpu"].includes(known.index) ? booting.indexOf(Number(first)) : Number(first);
  const numbers = value.replaceAll(/\b0x[\da-f]+\b/gi, (number) => String(Number(number)));
  return domain < 0 ? [] : [[`${name}[${domain}${rest}]`, numbers]];
}
