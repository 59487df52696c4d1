import { rangesCheck } from "../ranges-check.ts";

export const dmaRangesFormat = rangesCheck("dma_ranges_format", "dma-ranges");
