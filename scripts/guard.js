/**
 * `node scripts/guard.js <start|test|demo|bench> [arguments]`: what stands between a fresh clone and the
 * script `<name>:24` of package.json. It installs what the lockfile says, then starts the script with the
 * Node 24 of the dependencies first on the path, hands signals on once, and ends with the child's code.
 *
 * It starts the script's command itself instead of through another `npm run`: a shell in between remembers
 * nothing, and one npm fewer is one forwarder of signals fewer. It must run on Node 20 without dependencies.
 */
import { readFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findNode } from "./find-node.js";
import { installDependencies, SetupError, say } from "./install-dependencies.js";
import { FOLLOW, runChild } from "./run-child.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

async function guard([name, ...args]) {
  const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
  const script = scripts[`${name}:24`];
  if (script === undefined) {
    const names = Object.keys(scripts).filter((key) => key.endsWith(":24"));
    throw new SetupError(
      `usage: node scripts/guard.js <${names.map((key) => key.slice(0, -3)).join("|")}> [arguments]`,
    );
  }
  const code = await installDependencies(root);
  return code === 0 ? runScript(script, args) : code;
}

function runScript(script, args) {
  const env = {
    // What Node makes of our TypeScript, kept: a second start has it at hand, and needs half of the time.
    NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node"),
    ...process.env,
    PATH: [join(root, "node_modules", ".bin"), dirname(findNode(root)), process.env.PATH].join(delimiter),
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --import=${FOLLOW}`.trim(),
  };
  if (process.platform === "win32") {
    return runChild([script, ...args.map((arg) => JSON.stringify(arg))].join(" "), [], {
      cwd: root,
      env,
      shell: true,
    });
  }
  // With exec the shell becomes the command, so that a signal for the child reaches the command itself.
  const command = /[;&|]/.test(script) ? `${script} "$@"` : `exec ${script} "$@"`;
  return runChild("sh", ["-c", command, "sh", ...args], { cwd: root, env });
}

try {
  process.exitCode = await guard(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
