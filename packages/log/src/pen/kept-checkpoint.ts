import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

/**
 * A realm's last checkpoint, kept outside of PostgreSQL: a database that was set back to a backup does not set this
 * back, and so the pen can tell. It is written after the commit that it speaks of, so that it is never ahead.
 */
export type KeptCheckpoint = {
  path: string;
  /** The signed note; undefined where none was ever kept. */
  read(): Promise<string | undefined>;
  write(note: string): Promise<void>;
};

export function keptCheckpoint(directory: string, realm: string): KeptCheckpoint {
  const path = join(directory, `${realm}.checkpoint`);
  return {
    path,
    read: async () => {
      try {
        return await readFile(path, "utf8");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
        throw error;
      }
    },
    write: async (note) => {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      // Of its own for each process: two exchanges may share the directory.
      const next = `${path}.${process.pid}`;
      await writeThrough(next, note);
      await rename(next, path);
      await syncDirectory(directory);
    },
  };
}

async function writeThrough(path: string, text: string): Promise<void> {
  const file = await open(path, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A rename is durable once its directory is. Windows cannot open one, and needs not. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
