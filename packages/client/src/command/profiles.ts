import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import { UsageError } from "./exit-codes.ts";

export const Profile = z.object({ url: z.string(), key: z.string(), as: z.string() });
export type Profile = z.infer<typeof Profile>;
const Profiles = z.record(z.string(), Profile);

function profilesFile(env = process.env): string {
  const base = env.SUAR_CONFIG_DIR ?? join(env.XDG_CONFIG_HOME ?? join(homedir(), ".config"), "suar");
  return join(base, "profiles.json");
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

/** Replaces a file in one step, mode 0600: a reader sees the old or the new, never half. */
export async function writeAtomically(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
