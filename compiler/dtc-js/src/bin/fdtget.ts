#!/usr/bin/env node
import { fdtget } from "./fdt/fdtget.ts";
import { main } from "./main.ts";

main(fdtget);
