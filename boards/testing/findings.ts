import { readFileSync } from "node:fs";
import type { BoardInput, SystemInput } from "../../compiler/index.ts";
import { checkSystem, files } from "../../compiler/testing/system.ts";

/** The codes that a check of two small domains on the board gives; throws unless they find their places. */
export async function findings(board: BoardInput, pools: SystemInput["cpupools"] = {}): Promise<readonly string[]> {
  const { deviceTree } = board;
  const tree = typeof deviceTree === "string" ? { [deviceTree]: readFileSync(deviceTree) } : {};
  const domain = { kernel: "Image", ramdisk: "rootfs.cpio", cpus: 2, memory: "64MiB" };
  const { diagnostics, placed } = await checkSystem(
    { board, cpupools: pools, domains: { one: domain, two: domain } },
    { table: { ...files, ...tree } },
  );
  const codes = diagnostics.map(({ code }) => code);
  if (placed === undefined) throw new Error(`not placed: ${codes.join(", ")}`);
  return codes;
}
