import { AppError } from "@suar/contract";
import {
  DEFAULT_QUORUM,
  formatNote,
  lackingQuorum,
  type Note,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  verifyNote,
} from "@suar/merkle";
import { type Platform, type Realm, transaction } from "@suar/runtime";
import { insertCosignature, markWitnessed, selectAskedNote, selectCosigners } from "./store/cosignature.ts";
import { selectWitnessKeys } from "./store/witness.ts";

/** A witness's clock may go so much before ours. */
const SKEW_S = 300;

export type Cosigned = { size: number; cosigned: string[]; witnessed: boolean };

/**
 * Takes the cosignature of a member's witness, of the checkpoint that witnesses are asked for and of no other text.
 * It has to verify under the key that this member registered: nobody cosigns for another.
 */
export async function addCosignature(
  platform: Platform,
  realm: Realm,
  member: string,
  signedNote: string,
): Promise<Cosigned> {
  const note = parseNote(signedNote);
  const checkpoint = note && parseCheckpoint(note.text);
  if (note === undefined || checkpoint === undefined)
    throw new AppError("bad-cosignature", "It is no signed checkpoint");
  const { size } = checkpoint;
  const asked = await selectAskedNote(realm.write, size);
  if (asked === undefined || parseNote(asked)?.text !== note.text)
    throw new AppError("unknown-checkpoint", "Cosign the one of GET /v1/tlog/checkpoint?for=witness");
  const line = cosignatureOf(note, (await selectWitnessKeys(platform.core)).get(member));
  return await transaction(realm.write, async (db) => {
    await insertCosignature(db, { size, member, line });
    const cosigned = await selectCosigners(db, size);
    const witnessed = isQuorum(cosigned);
    if (witnessed) await markWitnessed(db, size);
    return { size, cosigned, witnessed };
  });
}

/** The line that the member's key signed, as it stands in the note. */
function cosignatureOf({ text, signatures }: Note, vkey: string | undefined): string {
  const key = vkey === undefined ? undefined : parseVerifierKey(vkey);
  if (key === undefined) throw new AppError("bad-cosignature", "Your member has registered no witness");
  const own = signatures.filter(({ name, id }) => name === key.name && id === key.id).slice(0, 1);
  const verified = verifyNote({ text, signatures: own }, [key]);
  const time = verified.ok ? verified.signed[0]?.time : undefined;
  if (time === undefined) throw new AppError("bad-cosignature", `It has no valid line of ${key.name}`);
  if (time > Date.now() / 1000 + SKEW_S)
    throw new AppError("bad-cosignature", "The cosignature's time lies ahead");
  return formatNote({ text, signatures: own }).slice(text.length + 1);
}

function isQuorum(members: readonly string[]): boolean {
  return lackingQuorum({ logs: [], witnesses: new Map(), ...DEFAULT_QUORUM }, members) === undefined;
}
