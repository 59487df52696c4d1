import { consumerCheck } from "../phandle-args.ts";

export const ioChannelsProperty = consumerCheck("io_channels", "io-channels", "#io-channel-cells");
