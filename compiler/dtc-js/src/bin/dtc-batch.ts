#!/usr/bin/env node
import { runBatch } from "./dtc/batch.ts";
import { machine } from "./host.ts";

process.exitCode = runBatch(machine, process.argv.slice(2));
