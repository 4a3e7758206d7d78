import { basename, dirname, join } from "node:path";
import { withInstallLock } from "./install-lock.js";
import { isLockComplete, recordInstall, whyInstall } from "./installed-packages.js";
import { runChild } from "./run-child.js";

const OLDEST_NODE = 20;

/** What a person can do something about; printed without a stack. */
export class SetupError extends Error {}

/**
 * Makes node_modules what package-lock.json says, by npm when it is not. Everything is written to stderr,
 * since stdout belongs to the command that follows. Resolves with the exit code of an interrupted or failed
 * install, or 0.
 */
export async function installDependencies(root) {
  if (Number.parseInt(process.versions.node, 10) < OLDEST_NODE) {
    throw new SetupError(
      `Node ${OLDEST_NODE} or later is needed; this is ${process.version} (${process.execPath}).`,
    );
  }
  if (whyInstall(root) === undefined) return 0;
  const onWait = () => say("another process is installing the dependencies; waiting for it");
  return withInstallLock(root, onWait, async () => {
    const reason = whyInstall(root);
    if (reason === undefined) return 0;
    say(`installing dependencies (${reason}); this takes up to a minute`);
    const code = await npmInstall(root);
    if (code === 0) recordInstall(root);
    else if (code < 128) {
      throw new SetupError(
        `npm ended with code ${code}. If it could not reach the registry, check the network or the proxy (npm config get registry), then run the same command again.`,
      );
    }
    return code;
  });
}

async function npmInstall(root) {
  const verb = isLockComplete(root) ? ["ci"] : ["install", "--no-save"];
  const args = [
    ...verb,
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
    "--include=dev",
    "--include=optional",
  ];
  const { command, prefix, shell } = findNpm();
  try {
    return await runChild(command, [...prefix, ...args], {
      cwd: root,
      env: cleanEnvironment(),
      stdio: ["ignore", 2, 2],
      shell,
    });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    throw new SetupError(
      "npm was not found. It comes with Node: install Node from https://nodejs.org and try again.",
    );
  }
}

/** The npm that started us, where one did; else the one on the path. */
function findNpm() {
  const started = process.env.npm_execpath ?? "";
  const script = basename(started) === "npx-cli.js" ? join(dirname(started), "npm-cli.js") : started;
  if (basename(script) === "npm-cli.js") return { command: process.execPath, prefix: [script], shell: false };
  return { command: "npm", prefix: [], shell: process.platform === "win32" };
}

/** Options given to the outer npm or npx are for it, and would make `npm ci` install something else. */
function cleanEnvironment() {
  const theirs =
    /^npm_(config_(workspaces?|include_workspace_root|omit|include|global|location|package|call|dry_run|only|production|ignore_scripts)$|package_|lifecycle_|command$)/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !theirs.test(name)));
}

/** One line on stderr. */
export function say(text) {
  process.stderr.write(`suar: ${text}\n`);
}
