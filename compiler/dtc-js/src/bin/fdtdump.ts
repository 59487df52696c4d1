#!/usr/bin/env node
import { fdtdump } from "./fdt/fdtdump.ts";
import { main } from "./main.ts";

main(fdtdump);
