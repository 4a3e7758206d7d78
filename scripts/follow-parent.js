/**
 * Preloaded into what the guard starts, which has a process group of its own (run-child.js): when the guard
 * is killed outright (`kill -9` of its group), nobody is left to forward anything, so the child notices the
 * change of parent and ends itself in the orderly way.
 */
import { isMainThread } from "node:worker_threads";

const LOOK_EVERY_MS = 1_000;

// What this process starts has a living parent to look after it.
if (process.env.NODE_OPTIONS?.includes(import.meta.url)) {
  const rest = process.env.NODE_OPTIONS.replace(`--import=${import.meta.url}`, "").trim();
  if (rest === "") delete process.env.NODE_OPTIONS;
  else process.env.NODE_OPTIONS = rest;
}

if (isMainThread) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, LOOK_EVERY_MS);
  timer.unref();
}
