import { consumerCheck } from "../phandle-args.ts";

export const muxControlsProperty = consumerCheck("mux_controls", "mux-controls", "#mux-control-cells");
