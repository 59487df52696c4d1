#!/usr/bin/env node
import { commandLine } from "./command-line.ts";
import { runBatch } from "./dtc/batch.ts";
import { machine } from "./host.ts";

process.exitCode = runBatch(machine, commandLine());
