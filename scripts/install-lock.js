import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

const STALE_MS = 30_000;
const TOUCH_MS = 2_000;
const LOOK_MS = 250;

/**
 * Runs `work` while no other process does for the same root. The lock is a directory (made atomically) beside
 * neither the repository nor node_modules, which `npm ci` removes. Its owner touches it; one that was not
 * touched for half a minute, or whose process is gone, is stale and taken over.
 */
export async function withInstallLock(root, onWait, work) {
  const lock = lockPath(root);
  let told = false;
  while (!acquire(lock)) {
    if (!told) onWait();
    told = true;
    if (isStale(lock)) breakStale(lock);
    else await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const touching = setInterval(() => utimesSync(lock, new Date(), new Date()), TOUCH_MS);
  try {
    return await work();
  } finally {
    clearInterval(touching);
    rmSync(lock, { recursive: true, force: true });
  }
}

/** Exported for the test. @public */
export function lockPath(root) {
  const name = createHash("sha256").update(root).digest("hex").slice(0, 16);
  return join(tmpdir(), `suar-install-${userInfo().uid}-${name}`);
}

function acquire(lock) {
  try {
    mkdirSync(lock);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  writeFileSync(join(lock, "pid"), String(process.pid));
  return true;
}

function isStale(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > STALE_MS) return true;
    const pid = Number(readFileSync(join(lock, "pid"), "utf8"));
    return pid > 0 && !isAlive(pid);
  } catch (error) {
    // Released, or not yet signed by its owner: neither is stale.
    if (error.code === "ENOENT") return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

/** Two that find a lock stale must not remove the fresh lock of one another: they take turns and look again. */
function breakStale(lock) {
  const turn = `${lock}-turn`;
  try {
    mkdirSync(turn);
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (Date.now() - statSync(turn, { throwIfNoEntry: false })?.mtimeMs > STALE_MS)
      rmSync(turn, { recursive: true, force: true });
    return;
  }
  try {
    if (isStale(lock)) rmSync(lock, { recursive: true, force: true });
  } finally {
    rmSync(turn, { recursive: true, force: true });
  }
}
