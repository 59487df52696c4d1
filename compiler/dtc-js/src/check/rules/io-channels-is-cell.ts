import { cellCheck } from "../cell-check.ts";

/** Cells of one `io-channels` entry behind its phandle. */
export const ioChannelsIsCell = cellCheck("io_channels_is_cell", "#io-channel-cells");
