import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Logger } from "../process/logger.ts";
import { chooseUser, type EmbeddedBinaries, findBinaries, type RunAs } from "./embedded-binaries.ts";

/** The files of an embedded server, the programs that work on them, and the user that these run as. */
export type Cluster = ClusterOptions & { binaries: EmbeddedBinaries; runAs: RunAs; data: string };
export type ClusterOptions = { directory: string; password: string; log: Logger; durable?: boolean };

/** A data directory that cannot be used; the message says what to do about it. */
export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";

  static unwritable(directory: string, cause: unknown): DataDirectoryError {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new DataDirectoryError(
      `The data directory ${directory} cannot be written (${why}). Set SUAR_DATA_DIR to a folder that you own.`,
      { cause },
    );
  }
}

/** The cluster of a data directory, made when there is none yet. */
export function openCluster(options: ClusterOptions): Cluster {
  const binaries = findBinaries();
  const data = join(options.directory, "postgres");
  makeDirectories(options.directory, data);
  const runAs = chooseUser(binaries.postgres, options.directory);
  const cluster: Cluster = { ...options, binaries, data, runAs };
  makeOwned(cluster, data);
  if (!existsSync(join(data, "PG_VERSION"))) initialise(cluster);
  return cluster;
}

/**
 * Makes a directory and what is missing above it, one by one: Node's own recursion never ends where nothing can be
 * made, as below /proc. Throws DataDirectoryError.
 */
export function makeDataDirectory(directory: string): void {
  const path = resolve(directory);
  if (existsSync(path)) return;
  makeDataDirectory(dirname(path));
  try {
    mkdirSync(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST")
      throw DataDirectoryError.unwritable(directory, cause);
  }
}

function makeDirectories(directory: string, data: string): void {
  makeDataDirectory(directory);
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
    const probe = join(directory, ".writable");
    writeFileSync(probe, "");
    rmSync(probe);
  } catch (cause) {
    throw DataDirectoryError.unwritable(directory, cause);
  }
}

/** Makes a directory that is the server's alone; one that is there becomes it. */
export function makeOwned({ runAs }: Pick<Cluster, "runAs">, directory: string): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
  const user = ownerOf(runAs);
  if (user !== undefined) chownSync(directory, user.uid, user.gid);
}

function ownerOf(runAs: RunAs): { uid: number; gid: number } | undefined {
  if (runAs.uid !== undefined && runAs.gid !== undefined) return { uid: runAs.uid, gid: runAs.gid };
  const uid = runAs.prefix.find((part) => part.startsWith("--reuid="))?.slice(8);
  const gid = runAs.prefix.find((part) => part.startsWith("--regid="))?.slice(8);
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** A program of the cluster as its user starts it: the command, and its arguments. */
export function commandOf(cluster: Cluster, program: string, args: string[]): [string, string[]] {
  const [first, ...rest] = [...cluster.runAs.prefix, program, ...args];
  return [first ?? program, rest];
}

function initialise(cluster: Cluster): void {
  const passwordFile = join(cluster.data, "..", "initial-password");
  writeFileSync(passwordFile, `${cluster.password}\n`, { mode: 0o600 });
  const user = ownerOf(cluster.runAs);
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  try {
    const [command, args] = commandOf(cluster, cluster.binaries.initdb, [
      `--pgdata=${cluster.data}`,
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      ...(cluster.durable === false ? ["--no-sync"] : []),
    ]);
    const { uid, gid } = cluster.runAs;
    const result = spawnSync(command, args, {
      ...(uid === undefined ? {} : { uid, gid }),
      cwd: cluster.data,
      encoding: "utf8",
    });
    if (result.status !== 0) throw new Error(`initdb failed: ${result.stderr || result.error?.message}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
