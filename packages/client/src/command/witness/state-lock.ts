import { DatabaseSync } from "node:sqlite";
import { UsageError } from "../shell/exit-codes.ts";
import { makeFolderOf } from "../shell/profiles.ts";

const SQLITE_BUSY = 5;

/**
 * Keeps a file for this process alone until it ends, however it ends: the lock is the operating system's, by way of
 * SQLite, since Node locks no files. A number of a process in a file would outlive the process, or be another's.
 */
export async function lockFile(file: string): Promise<Disposable> {
  await makeFolderOf(file);
  const database = new DatabaseSync(file);
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    if (cause instanceof Error && "errcode" in cause && cause.errcode === SQLITE_BUSY)
      throw new UsageError(`another witness is at work with this state (${file})`, { cause });
    throw cause;
  }
  return { [Symbol.dispose]: () => database.close() };
}
