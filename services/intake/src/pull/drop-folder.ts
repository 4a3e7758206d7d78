import { createHash } from "node:crypto";
import type { BigIntStats } from "node:fs";
import { constants, lstat, mkdir, open, opendir, realpath, rename, rm, writeFile } from "node:fs/promises";
import { join, parse } from "node:path";
import { SourceFault } from "./source-fault.ts";

/*
 * A folder into which others drop messages. Whoever may write there is trusted with nothing but that: no link is
 * followed, nothing but a plain file of one name is read, and nothing leaves the folder but into its own done/ and
 * failed/. A file is taken when nothing has touched it for a while, and is the same after it was read as before.
 */

export type DropFolder = { path: string };

export type Dropped = {
  name: string;
  /** Milliseconds since 1970. */
  droppedAt: number;
  size: number;
  /** Why it is none that is read; undefined for a plain file. */
  refused: string | undefined;
  stats: BigIntStats;
};

type Listed = {
  files: Dropped[];
  /** What is not settled yet, or too much to be listed at a time. */
  isMore: boolean;
  /** Names that are no UTF-8: nothing can be done with them. */
  unreadable: string[];
};

const TAKEN = /\.(?:eml|mbox)$/i;
/** Since the last change of content, name or rights (ctime, which nobody can set): it may still be written to. */
export const SETTLED_MS = 5_000;
const MOST_FILES = 10_000;

/** The folder of an organisation below the operator's. Throws `no-folder`. */
export async function openDropFolder(root: string, code: string, folder: string): Promise<DropFolder> {
  const own = code.replace(":", "-");
  const named = `${own}/${folder}`;
  try {
    const path = join(await realpath(root), own, folder);
    // Were a part of it a link, it would lead elsewhere than it says.
    if ((await realpath(path)) === path && (await lstat(path)).isDirectory()) return { path };
  } catch (error) {
    if (!isFileError(error)) throw error;
    throw new SourceFault(
      "no-folder",
      `There is no folder ${named} (${error.code}): its operator makes it`,
      error,
    );
  }
  throw new SourceFault("no-folder", `${named} is no plain folder: a link, or a file`);
}

/** What is to be taken now, the first dropped first, and whether more may be soon. */
export async function listDropped({ path }: DropFolder, now: number): Promise<Listed> {
  const listed: Listed = { files: [], isMore: false, unreadable: [] };
  let looked = 0;
  for await (const { name } of await opendir(path)) {
    if (!TAKEN.test(name) || name.startsWith(".")) continue;
    looked += 1;
    if (looked > MOST_FILES) {
      listed.isMore = true;
      break;
    }
    const stats = await statsOf(join(path, name));
    if (stats === undefined) {
      // Bytes that are no UTF-8 have become another name.
      if (name.includes("\ufffd")) listed.unreadable.push(name);
    } else if (isSettled(stats, now)) listed.files.push(droppedOf(name, stats));
    else listed.isMore = true;
  }
  listed.files.sort((a, b) => a.droppedAt - b.droppedAt || (a.name < b.name ? -1 : 1));
  return listed;
}

function droppedOf(name: string, stats: BigIntStats): Dropped {
  const refused = !stats.isFile()
    ? "It is no plain file: links are not followed"
    : stats.nlink > 1n
      ? "The same file has another name elsewhere: drop a copy"
      : undefined;
  return { name, droppedAt: Number(stats.mtimeMs), size: Number(stats.size), refused, stats };
}

/** A clock that is ahead (of another machine's folder) does not hold it back for ever. */
function isSettled({ ctimeMs }: BigIntStats, now: number): boolean {
  return Math.abs(now - Number(ctimeMs)) >= SETTLED_MS;
}

/** Undefined where it is gone, or was touched meanwhile: then it is not whole. */
export async function readDropped(
  { path }: DropFolder,
  { name, stats }: Dropped,
): Promise<Buffer | undefined> {
  const file = join(path, name);
  // O_NONBLOCK: what became a pipe since is not waited for.
  const handle = await open(
    file,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  ).catch(unlessGone);
  if (handle === undefined) return undefined;
  try {
    if (!isSame(await handle.stat({ bigint: true }), stats)) return undefined;
    const bytes = Buffer.alloc(Number(stats.size));
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await handle.read(bytes, at, bytes.length - at, at);
      if (bytesRead === 0) return undefined;
      at += bytesRead;
    }
    const after = await handle.stat({ bigint: true });
    const isThere = (await realpath(path)) === path && isSame(await statsOf(file), stats);
    return isSame(after, stats) && isThere ? bytes : undefined;
  } finally {
    await handle.close();
  }
}

function isSame(one: BigIntStats | undefined, other: BigIntStats): boolean {
  return (
    one?.isFile() === true &&
    one.dev === other.dev &&
    one.ino === other.ino &&
    one.size === other.size &&
    one.mtimeNs === other.mtimeNs &&
    one.ctimeNs === other.ctimeNs
  );
}

export type Problem = { code: string; detail: string; at: string };

/** Into done/, or into failed/ with its problem beside it; what lies there under its name is left as it is. */
export async function putAway({ path }: DropFolder, name: string, problem?: Problem): Promise<void> {
  const folder = join(path, problem === undefined ? "done" : "failed");
  await mkdir(folder, { recursive: true });
  if (!(await lstat(folder)).isDirectory() || (await realpath(folder)) !== folder)
    throw new SourceFault("no-folder", "Its done or failed is no plain folder: a link, or a file");
  const target = await freeName(folder, name);
  if (problem !== undefined) {
    const beside = join(folder, `${target}.problem.json`);
    await rm(beside, { force: true }); // of a crash before the move
    await writeFile(beside, `${JSON.stringify(problem, undefined, 2)}\n`, { flag: "wx" }); // follows no link
  }
  await rename(join(path, name), join(folder, target)).catch(unlessGone);
}

const MOST_OF_A_NAME = 10_000;
const LONGEST_NAME = 200;

async function freeName(folder: string, name: string): Promise<string> {
  const { name: stem, ext } = parse(shortened(name));
  for (let n = 1; n <= MOST_OF_A_NAME; n++) {
    const target = n === 1 ? `${stem}${ext}` : `${stem}.${n}${ext}`;
    if ((await statsOf(join(folder, target))) === undefined) return target;
  }
  throw new SourceFault("unreadable", `Of ${name} there are too many that were put away: empty the folder`);
}

/** A name that is as long as a file system takes has no room for a number, or for what its problem's ends in. */
function shortened(name: string): string {
  if (Buffer.byteLength(name) <= LONGEST_NAME) return name;
  const { name: stem, ext } = parse(name);
  const told = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${stem.slice(0, 40).toWellFormed()}-${told}${ext}`;
}

async function statsOf(path: string): Promise<BigIntStats | undefined> {
  return await lstat(path, { bigint: true }).catch(unlessGone);
}

/** Somebody else moved it. */
function unlessGone(error: unknown): undefined {
  if (isFileError(error) && (error.code === "ENOENT" || error.code === "ELOOP")) return undefined;
  throw error;
}

/** Of the file system: those of connections have no path. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && "path" in error && "code" in error && typeof error.code === "string";
}
