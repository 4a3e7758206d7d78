import { mkdir, open, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UsageError } from "./exit-codes.ts";

export const Profile = z.object({ url: z.string(), key: z.string(), as: z.string() });
export type Profile = z.infer<typeof Profile>;
const Profiles = z.record(z.string(), Profile);

/** Where this command keeps what it knows. */
export function configFolder(env = process.env): string {
  return env.SUAR_CONFIG_DIR ?? join(env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "suar");
}

function profilesFile(): string {
  return join(configFolder(), "profiles.json");
}

export async function readProfiles(file = profilesFile()): Promise<Record<string, Profile>> {
  const text = await readIfThere(file);
  if (text === undefined) return {};
  try {
    return Profiles.parse(JSON.parse(text));
  } catch (cause) {
    throw new UsageError(`${file} is not a file of profiles; move it away and sign in again`, { cause });
  }
}

/** Written whole and moved into place; the keys in it are for its owner's eyes only. */
export async function saveProfile(name: string, profile: Profile, file = profilesFile()): Promise<void> {
  const profiles = { ...(await readProfiles(file)), [name]: profile };
  await writeAtomically(file, `${JSON.stringify(profiles, null, 2)}\n`);
}

/**
 * Replaces a file in one step, mode 0600: a reader sees the old or the new, never half. Where it is to be
 * `durable`, it is on the disk before this resolves, and stays whole when the machine fails.
 */
export async function writeAtomically(file: string, text: string, durable = false): Promise<void> {
  await makeFolderOf(file);
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600, flush: durable });
  await rename(draft, file);
  // Windows opens no folders; what it renames it keeps in its journal.
  if (!durable || process.platform === "win32") return;
  await using folder = await open(dirname(file), "r");
  await folder.sync();
}

/** The folder of a file that is its owner's alone. */
export async function makeFolderOf(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
}

export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
