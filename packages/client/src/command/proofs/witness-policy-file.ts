import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseWitnessPolicy, type WitnessPolicy } from "@suar/merkle";
import { UsageError } from "../shell/exit-codes.ts";
import { configFolder } from "../shell/profiles.ts";
import { readText } from "../shell/read-text.ts";

/** The same; where there is none, the one that the platform proposes, by which nothing is believed. */
export async function readPolicyOr(
  file: string | undefined,
  propose: () => Promise<unknown>,
): Promise<WitnessPolicy> {
  if (file !== undefined || existsSync(keptPolicy())) return await readPolicy(file);
  const read = parseWitnessPolicy(JSON.stringify(await propose()));
  if (!read.ok) throw new UsageError(`the platform proposes no witness policy: ${read.at} ${read.message}`);
  return read.value;
}

/** The witness policy that is named, or the one that is kept beside the profiles. */
export async function readPolicy(file: string | undefined): Promise<WitnessPolicy> {
  const kept = keptPolicy();
  if (file === undefined && !existsSync(kept))
    throw new UsageError(
      `say whom you believe with --policy FILE, or keep that file as ${kept}; suar verify fetch --policy FILE writes what the platform proposes`,
    );
  const path = file ?? kept;
  const read = parseWitnessPolicy(await readText(path));
  if (!read.ok) throw new UsageError(`${path} is no witness policy: ${read.at} ${read.message}`);
  return read.value;
}

function keptPolicy(): string {
  return join(configFolder(), "witnesses.json");
}
