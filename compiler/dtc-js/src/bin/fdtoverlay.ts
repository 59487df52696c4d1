#!/usr/bin/env node
import { fdtoverlay } from "./fdt/fdtoverlay.ts";
import { main } from "./main.ts";

main(fdtoverlay);
