import { type OpenedCheckpoint, openCheckpoint, type VerifierKey } from "@suar/merkle";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import { UsageError } from "../shell/exit-codes.ts";
import { readIfThere, writeAtomically } from "../shell/profiles.ts";

/** The largest checkpoint that the witness has found consistent: all that it ever cosigned is a beginning of it. */
const State = z.strictObject({ schema: z.literal("suar/witness-state/1"), checkpoint: z.string() });

/** Undefined where there is none yet. A state that cannot be read is never begun anew by itself. */
export async function readState(file: string, logKey: VerifierKey): Promise<OpenedCheckpoint | undefined> {
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const state = State.safeParse(jsonOr(text, undefined));
  const opened = state.success ? openCheckpoint(state.data.checkpoint, [logKey]) : undefined;
  if (opened === undefined)
    throw new UsageError(
      `${file} is not the state of a witness of ${logKey.name}, or was signed by another key`,
    );
  return opened;
}

/** On the disk before it resolves: what is cosigned next must never be forgotten. */
export async function writeState(file: string, checkpoint: string): Promise<void> {
  const state: z.infer<typeof State> = { schema: "suar/witness-state/1", checkpoint };
  await writeAtomically(file, `${JSON.stringify(state)}\n`, true);
}
