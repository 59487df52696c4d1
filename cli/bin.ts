#!/usr/bin/env node
import { builtCode } from "./adapters/package.ts";

await import(builtCode("cli/start.js"));
