import { hex } from "../base/units.ts";
import type { RunPlan, TargetPlan } from "../ir/plan.ts";

/** Where the first byte of an image goes, and where QEMU itself would put it. */
type Image = NonNullable<RunPlan["image"]>;

/** Loads image.bin: by `-kernel` where its address is QEMU's own choice; elsewhere its bytes and the first CPU's start. */
export const imageArguments = (path: string, { at, kernelAddress }: Image): readonly string[] =>
  at === kernelAddress
    ? ["-kernel", path]
    : devices([`loader,file=${optionValue(path)},addr=${hex(at)},force-raw=on`, `loader,addr=${hex(at)},cpu-num=0`]);

/**
 * Values of `-device` that load the separate files of a folder, each to its address, and start the first CPU in the stub;
 * relative to QEMU's own folder where none is given.
 */
export const separateLoads = (files: TargetPlan["files"], { stub }: RunPlan, folder?: string): readonly string[] => [
  ...files.map(({ path, at }) => {
    const file = folder === undefined ? path : `${folder}/${path}`;
    return `loader,file=${optionValue(file)},addr=${hex(at)},force-raw=on`;
  }),
  ...stub.words.map((word, index) => `loader,addr=${hex(stub.at + index * 8)},data=0x${word.toString(16)},data-len=8`),
  `loader,addr=${hex(stub.at)},cpu-num=0`,
];

export const devices = (values: readonly string[]): readonly string[] => values.flatMap((value) => ["-device", value]);

/** In QEMU's options a comma ends a value; a doubled one is a comma. */
const optionValue = (text: string): string => text.replaceAll(",", ",,");
