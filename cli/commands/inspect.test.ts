import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cells, deviceTree, encode, node, property, raw, strings } from "dtc-js";
import { afterAll, describe, expect, it } from "vitest";
import { qemuVirt } from "../../boards/index.ts";
import { packageRoot } from "../adapters/package.ts";
import type { Finished } from "../testing/surroundings.ts";
import { xenimg } from "../testing/surroundings.ts";

const folder = mkdtempSync(join(tmpdir(), "xenimg-inspect-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function inspect(bytes: Uint8Array | string): Promise<Finished> {
  writeFileSync(join(folder, "file"), bytes);
  return xenimg(folder, "inspect", "file");
}

const tree = qemuVirt({ gic: 3, cpus: 1, memory: "256MiB" }).deviceTree;

describe("inspect", () => {
  it("shows a device tree blob as source", async () => {
    const { exitCode, stdout } = await inspect(tree);
    expect(exitCode).toBe(0);
    expect(stdout).toContain("/dts-v1/;");
    expect(stdout).toContain('compatible = "linux,dummy-virt";');
  });

  it("lists what is in a FIT of another program, and why it is none of ours", async () => {
    const image = node("kernel", {
      properties: [property("type", strings("ker\u001bnel")), property("data", raw(new Uint8Array(70_000)))],
      children: [
        node("hash", { properties: [property("algo", strings("crc32")), property("value", cells(0x12345678))] }),
      ],
    });
    const outside = node("fdt", { properties: [property("data-size", cells(1234))] });
    const { exitCode, stdout } = await inspect(
      encode(
        deviceTree({
          children: [
            node("images", { children: [image, outside] }),
            node("configurations", { children: [node("conf")] }),
          ],
        }),
      ),
    );
    expect([exitCode, stdout.split("\n")]).toEqual([
      0,
      [
        "FIT without a description, 2 images",
        expect.stringContaining("not in the form that xenimg writes: the root has the properties none"),
        "         70000 bytes  kernel (ker\\u001bnel, crc32 12345678)",
        "          1234 bytes  fdt (no type, no hash)",
        "  configuration conf: not signed",
        "",
      ],
    ]);
  });

  it("shows a manifest", async () => {
    expect(await inspect('{"version":1}')).toMatchObject({ exitCode: 0, stdout: '{\n  "version": 1\n}\n' });
  });

  it("names device tree source and U-Boot's legacy images", async () => {
    expect((await inspect("/dts-v1/;\n/ { };\n")).stdout).toBe("device tree source, 17 bytes\n");
    const { stdout } = await inspect(readFileSync(join(packageRoot, "fixtures", "files", "uImage")));
    expect(stdout).toMatch(/^U-Boot legacy image \(uImage\) ".*", \d+ bytes of data\n$/);
  });

  it.each([
    ["a device tree that is cut short", tree.subarray(0, tree.length / 2)],
    ["a manifest that is none", "{ not json"],
    ["a file of another kind", "hello"],
    ["an empty file", ""],
  ])("XI7401: refuses %s", async (_what, bytes) => {
    const { exitCode, stdout, stderr } = await inspect(bytes);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: "" });
    expect(stderr).toContain('error XI7401: cannot inspect "file": ');
  });

  it("XI7401: refuses a file that is not there", async () => {
    const { stderr } = await xenimg(folder, "inspect", "nowhere");
    expect(stderr).toContain("no such file or folder");
    expect((await xenimg(folder, "inspect", "/dev/zero")).stderr).toContain("it is no regular file");
  });
});
