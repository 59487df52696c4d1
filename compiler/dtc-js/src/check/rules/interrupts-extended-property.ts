import { consumerCheck } from "../phandle-args.ts";

export const interruptsExtendedProperty = consumerCheck(
  "interrupts_extended",
  "interrupts-extended",
  "#interrupt-cells",
);
