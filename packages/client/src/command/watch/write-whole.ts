import { randomUUID } from "node:crypto";
import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { UsageError } from "../shell/exit-codes.ts";

/**
 * Writes a file that takes another's place once all of it has come: half a blocklist would open what the whole one closes.
 * Whoever read the old one reads the new one, and a link leads where it led.
 */
export async function writeWhole(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const there = await realpath(path).catch(unlessMissing);
  const target = there ?? path;
  const part = `${target}.${randomUUID()}.part`;
  const file = await open(part, "wx", 0o600);
  try {
    if (there !== undefined) await takeAfter(file, there);
    // `appendFile` goes on until all of a piece is written; `write` may write less of it.
    for await (const piece of pieces) await file.appendFile(piece);
    await file.sync();
    await file.close();
    await rename(part, target);
  } catch (error) {
    await file.close();
    await rm(part, { force: true });
    throw error;
  }
}

async function takeAfter(file: FileHandle, there: string): Promise<void> {
  const old = await stat(there);
  if (!old.isFile()) throw new UsageError(`${there} is no file`);
  // None but root gives a file away; and that before its mode, which a change of owner would cut.
  if (process.getuid?.() === 0) await file.chown(old.uid, old.gid);
  await file.chmod(old.mode & 0o7777);
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
