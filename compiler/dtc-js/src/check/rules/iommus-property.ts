import { consumerCheck } from "../phandle-args.ts";

export const iommusProperty = consumerCheck("iommus", "iommus", "#iommu-cells");
