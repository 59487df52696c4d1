#!/usr/bin/env node
import { fdtput } from "./fdt/fdtput.ts";
import { main } from "./main.ts";

main(fdtput);
