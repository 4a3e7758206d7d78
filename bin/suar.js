#!/usr/bin/env node
/**
 * The `suar` command of a clone: plain JavaScript for Node 20, so that `npx suar` works before anything is
 * installed. It installs the dependencies if needed and runs the command's TypeScript with Node 24.
 */
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { findNode, isNewEnough } from "../scripts/find-node.js";
import { installDependencies, SetupError, say } from "../scripts/install-dependencies.js";
import { FOLLOW, runChild } from "../scripts/run-child.js";

const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));
const main = join(root, "packages", "client", "src", "command", "main.ts");

async function suar(args) {
  // npx moves to the workspace that it was started in; file names on the command line are from where the user is.
  if (process.env.npm_lifecycle_event === "npx" && process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
  const installed = await installDependencies(root);
  if (installed !== 0) return installed;
  if (!isNewEnough()) return runChild(findNode(root), [`--import=${FOLLOW}`, main, ...args]);
  await import(pathToFileURL(main).href);
  return process.exitCode ?? 0;
}

try {
  process.exitCode = await suar(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
