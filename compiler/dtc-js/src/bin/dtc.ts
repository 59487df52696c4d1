#!/usr/bin/env node
import { dtc } from "./dtc/dtc.ts";
import { main } from "./main.ts";

main(dtc);
