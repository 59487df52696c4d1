import { readFileSync } from "node:fs";
import type { DeviceTree, Node } from "dtc-js";
import { decode, getProperty, phandleOf, readCells, walk } from "dtc-js";
import { describe, expect, it } from "vitest";
import { dtc } from "../compiler/dtc-js/src/testing/dtc.ts";
import type { BoardInput } from "../compiler/index.ts";
import { MiB } from "../compiler/index.ts";
import { regOf } from "../compiler/resolve/reg.ts";
import { checkSystem, files } from "../compiler/testing/system.ts";
import { debian } from "../system/testing/paths.ts";
import { am62xSk, imx8mpEvk, qemuVirt, raspberryPi4, xlnxVersalVirt, xlnxZcu102 } from "./index.ts";

/** A board, where a direct-mapped domain has its memory there, and how many of its devices end how. */
const boards: readonly (readonly [string, BoardInput, number, Counts])[] = [
  ["am62x-sk", am62xSk({ deviceTree: debian("k3-am625-sk") }), 0xa000_0000, { refused: 7, whole: 11, lacking: 44 }],
  [
    "hihope-rzg2m, by its path",
    {
      name: "rzg2m",
      parameters: {},
      cpus: six(),
      loadAddress: 0x4820_0000,
      deviceTree: debian("r8a774a1-hihope-rzg2m"),
    },
    0x6000_0000,
    { refused: 3, whole: 5, lacking: 116 },
  ],
  ["imx8mp-evk", imx8mpEvk({ deviceTree: debian("imx8mp-evk") }), 0x6000_0000, { refused: 3, whole: 10, lacking: 61 }],
  ["qemu-virt", qemuVirt({ gic: 3, cpus: 4, memory: "2GiB" }), 0x6000_0000, { refused: 4, whole: 36, lacking: 1 }],
  [
    "raspberrypi-4",
    raspberryPi4({ deviceTree: debian("bcm2711-rpi-4-b"), memory: 4 }),
    0x6000_0000,
    { refused: 8, whole: 19, lacking: 33 },
  ],
  ["xlnx-versal-virt", xlnxVersalVirt({ memory: "2GiB" }), 0x4000_0000, { refused: 3, whole: 26, lacking: 1 }],
  [
    "xlnx-zcu102",
    xlnxZcu102({ deviceTree: debian("zynqmp-zcu102") }),
    0x4000_0000,
    { refused: 3, whole: 6, lacking: 50 },
  ],
];

interface Counts {
  readonly refused: number;
  /** With all that they name. */
  readonly whole: number;
  /** A warning says what is missing. */
  readonly lacking: number;
}

function six(): readonly string[] {
  return [0, 1, 2, 3, 4, 5].map((number) => `cpu${number}`);
}

/** What dtc says of a phandle that leads nowhere, or to a node that is no provider of the kind. */
const dangling = /phandle|cell \d+ is not|#[a-z-]+-cells|property size|Missing interrupt-parent/i;

function complaints(blob: Uint8Array): readonly string[] {
  const { status, stderr } = dtc(["-I", "dtb", "-O", "dts"], blob);
  const lines = stderr.split("\n");
  return status === 0 ? lines.filter((line) => dangling.test(line)) : lines;
}

const blobOf = ({ deviceTree }: BoardInput): Uint8Array =>
  typeof deviceTree === "string" ? readFileSync(deviceTree) : deviceTree;

function treeOf(blob: Uint8Array): DeviceTree {
  const decoded = decode(blob);
  if (!decoded.ok) throw new Error(decoded.diagnostics[0].message);
  return decoded.value;
}

/** Everything with registers that the CPUs reach, be it sensible to give away or not. */
const devicesOf = (tree: DeviceTree): readonly string[] =>
  [...walk(tree)].filter((each) => each.parent && (regOf(each)?.length ?? 0) > 0).map(({ path }) => path);

/**
 * Properties of these trees whose first number is by chance also a phandle of the board's: read in their bindings. One that
 * is missing here is a reference that the compiler does not know.
 */
const numbers = new Set(
  `reg bus-width offset num-cs num-lanes num-viewport dma-channels timeout-sec timer-width temperature-stability
  #global-interrupts i2c-scl-internal-delay-ns spi-tx-bus-width spi-rx-bus-width pinctrl-single,register-width
  fixed-emmc-driver-type g-np-tx-fifo-size brcm,function brcm,pins brcm,pull cdns,fifo-width cdns,read-delay fsl,pins
  fsl,tuning-start-tap fsl,tuning-step fsl,num-tx-queues fsl,num-rx-queues fsl,refclk-pad-mode fsl,max-link-speed
  renesas,buswait renesas,id snps,tx-queues-to-use snps,rx-queues-to-use snps,priority snps,map-to-dma-channel
  snps,quirk-frame-length-adjustment ti,intr-trigger-type ti,ngpio ti,sci-dev-id ti,interrupt-ranges ti,host-id
  ti,sci-rm-range-bchan ti,sci-rm-range-rchan ti,sci-rm-range-tchan ti,sci-rm-range-tflow ti,trm-icp ti,clkbuf-sel
  ti,otap-del-sel-ddr50 ti,otap-del-sel-ddr52 ti,otap-del-sel-hs200 ti,otap-del-sel-sdr12 ti,otap-del-sel-sdr25
  ti,otap-del-sel-sdr50 ti,otap-del-sel-sdr104 ti,rx-internal-delay ti,tx-internal-delay ti,fifo-depth
  ti,cpts-ext-ts-inputs ti,cpts-periodic-outputs ti,mbox-num-users ti,mbox-num-fifos ti,mbox-tx xlnx,ipi-id
  xlnx,mio-bank`.split(/\s+/),
);

const isNumber = (name: string): boolean => numbers.has(name) || /^#.*-cells$/.test(name);

const suspicious = (node: Node, here: ReadonlySet<number>, board: ReadonlySet<number>): readonly string[] => [
  ...(getProperty(node, "gpio-hog") ? [] : node.properties).flatMap(({ name, value }) => {
    const [first] = value.bytes.length % 4 === 0 ? (readCells(value) ?? []) : [];
    return first !== undefined && board.has(first) && !here.has(first) && !isNumber(name) ? [name] : [];
  }),
  ...node.children.flatMap((child) => suspicious(child, here, board)),
];

const phandles = (tree: DeviceTree): ReadonlySet<number> =>
  new Set([...walk(tree)].flatMap(({ node }) => phandleOf(node) ?? []));

async function assign(board: BoardInput, at: number, device: string) {
  const { placed, diagnostics } = await checkSystem(
    {
      board,
      // All CPUs of a pool are of one model.
      ...(board.name === "rzg2m" && { cpupools: { little: { cpus: ["cpu2", "cpu3", "cpu4", "cpu5"] } } }),
      domains: {
        io: {
          kernel: "Image",
          memory: [{ at, size: MiB(64) }],
          directMap: true,
          console: "none",
          passthrough: [device],
        },
      },
    },
    { table: { ...files, ...(typeof board.deviceTree === "string" && { [board.deviceTree]: blobOf(board) }) } },
  );
  const about = diagnostics.filter(({ primary }) => JSON.stringify(primary).includes('"passthrough"'));
  return {
    fragment: placed?.domains[0]?.resolved.passthrough?.file.bytes,
    codes: about.map(({ code }) => code),
    refused: about.some(({ severity }) => severity === "error"),
  };
}

describe.each(boards)("any one device of %s", (_, board, at, expected) => {
  it("is assigned with all that it names, or a diagnostic says what is missing", async () => {
    const tree = treeOf(blobOf(board));
    const ofBoard = phandles(tree);
    const counts = { refused: 0, whole: 0, lacking: 0 };
    for (const device of devicesOf(tree)) {
      const { fragment, codes, refused } = await assign(board, at, device);
      counts[refused ? "refused" : codes.includes("XI3310") ? "lacking" : "whole"] += 1;
      if (refused) continue;
      if (fragment === undefined) throw new Error(`neither a fragment for ${device}, nor a word why`);
      const guest = treeOf(fragment);
      expect([device, ...complaints(fragment), ...suspicious(guest.root, phandles(guest), ofBoard)]).toEqual([device]);
    }
    expect(counts).toEqual(expected);
  });
});
