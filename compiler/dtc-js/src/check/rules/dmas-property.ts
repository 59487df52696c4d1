import { consumerCheck } from "../phandle-args.ts";

export const dmasProperty = consumerCheck("dmas", "dmas", "#dma-cells");
