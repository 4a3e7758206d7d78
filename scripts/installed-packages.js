import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const RECORD = ".suar-lock";

/** Why an install is needed, in words; undefined when node_modules is what package-lock.json says. */
export function whyInstall(root) {
  const modules = join(root, "node_modules");
  if (!existsSync(modules)) return "node_modules is missing";
  if (readOrNothing(join(modules, RECORD)) === lockHash(root)) return undefined;
  // Somebody ran `npm ci` by hand: npm's own record tells that it came to its end, and what it put there.
  if (isInstalledAsLocked(root)) {
    recordInstall(root);
    return undefined;
  }
  return "package-lock.json has changed since the last install";
}

/** Called after a successful install only, so that a broken one is repeated. */
export function recordInstall(root) {
  try {
    writeFileSync(join(root, "node_modules", RECORD), lockHash(root));
  } catch (error) {
    // Read-only dependencies (a container image) are looked at anew each time, which is slower and right.
    if (!["EACCES", "EROFS", "EPERM"].includes(error.code)) throw error;
  }
}

/**
 * Whether the lockfile names the packages for every system. npm leaves out those that the registry did not
 * have when it was written, and then `npm ci` refuses the file, though `npm install` keeps to it.
 */
export function isLockComplete(root) {
  const locked = readLock(root);
  const named = new Set(
    Object.keys(locked).map((path) => path.slice(path.lastIndexOf("node_modules/") + 13)),
  );
  return Object.values(locked).every((entry) =>
    Object.keys(entry.optionalDependencies ?? {}).every((name) => named.has(name)),
  );
}

function readLock(root) {
  return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
}

function lockHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function isInstalledAsLocked(root) {
  const record = readOrNothing(join(root, "node_modules", ".package-lock.json"));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(readLock(root)).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const found = installed[path];
    if (found === undefined) return mayBeAbsent(entry);
    return (
      found.version === entry.version && found.resolved === entry.resolved && existsSync(join(root, path))
    );
  });
}

/** Optional packages are left out where they are for another system. */
function mayBeAbsent({ optional, devOptional, os, cpu, libc }) {
  if (!optional && !devOptional) return false;
  return (
    libc !== undefined || !fits(os, process.platform) || !fits(cpu, process.arch) || (os ?? cpu) === undefined
  );
}

function fits(allowed, actual) {
  return allowed === undefined || allowed.includes(actual);
}

function readOrNothing(path) {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}
