import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath, pathToFileURL } from "node:url";

const REPEAT_MS = 1_000;
const LOOK_EVERY_MS = 250;

/** For Node children: `--import` of this file ends the child when its parent was killed without a word. */
export const FOLLOW = pathToFileURL(fileURLToPath(new URL("./follow-parent.js", import.meta.url))).href;

/**
 * Runs a command to its end and resolves with its exit code (128 + n after signal n).
 *
 * A Ctrl-C reaches every process of the terminal's foreground group, and npm forwards it on top of that. The
 * child therefore gets a group of its own, so that it hears a signal from us only; and since we may be told
 * twice, the same signal within a second counts once. We never end before the child.
 */
export function runChild(command, args, options = {}) {
  const apart = process.platform !== "win32";
  const child = spawn(command, args, { stdio: "inherit", ...options, detached: apart });
  const stopForwarding = apart ? forwardSignals(child) : ignoreInterrupts();
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      stopForwarding();
      reject(error);
    });
    child.once("exit", (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}

function forwardSignals(child) {
  const last = new Map();
  const listeners = ["SIGINT", "SIGTERM", "SIGHUP"].map((signal) => {
    const forward = () => {
      const now = Date.now();
      if (now - (last.get(signal) ?? 0) < REPEAT_MS) return;
      last.set(signal, now);
      // A closed terminal asks for the same orderly end as a supervisor does.
      child.kill(signal === "SIGHUP" ? "SIGTERM" : signal);
    };
    process.on(signal, forward);
    return () => process.off(signal, forward);
  });
  const stopWatching =
    process.env.npm_lifecycle_event === undefined ? () => undefined : watchParent(child, last);
  return () => {
    stopWatching();
    for (const remove of listeners) remove();
  };
}

/**
 * npm tells us what it is told, since the shell that it starts becomes this process (`exec` in package.json).
 * Killed outright it tells nothing, so its end is our signal.
 */
function watchParent(child, last) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    if (last.size === 0) child.kill("SIGTERM");
  }, LOOK_EVERY_MS);
  return () => clearInterval(timer);
}

/** On Windows the console itself tells the child; we only have to outlive it. */
function ignoreInterrupts() {
  const stay = () => undefined;
  process.on("SIGINT", stay);
  return () => process.off("SIGINT", stay);
}
