import {
  cosignNote,
  formatNote,
  formatVerifierKey,
  parseNote,
  provePossession,
  SIGNATURE_TYPE,
  type SignerKey,
  signerKey,
} from "@suar/merkle";
import { type Answer, type Caller, caller, until } from "./api.ts";
import type { PlatformProcess } from "./platform.ts";

/** Members' witnesses, as their machines would cosign. */
export type TestWitness = { member: string; key: SignerKey; vkey: string; api: Caller };

/** Seven of the twelve, with China and more than three members of ASEAN: a quorum. */
export const QUORUM = ["CN", "SG", "MY", "TH", "VN", "ID", "PH"] as const;

export function newWitness(platform: Pick<PlatformProcess, "url" | "key">, member: string): TestWitness {
  const key = signerKey(`${member.toLowerCase()}.witness.example`, SIGNATURE_TYPE.cosignature);
  const vkey = formatVerifierKey(key.verifier);
  return { member, key, vkey, api: caller(platform.url, platform.key(member)) };
}

export async function registerWitness(platform: PlatformProcess, witness: TestWitness): Promise<Answer> {
  const officer = caller(platform.url, platform.key(witness.member, "officer"));
  const { vkey, key } = witness;
  return await officer.send("PUT", "/v1/witnesses/own", { vkey, proof: proofOf(key, witness.member) });
}

/** The key's word for a member. */
export function proofOf(key: SignerKey, member: string): string {
  return provePossession(key, member, Math.floor(Date.now() / 1000));
}

/** A checkpoint with one more line: the witness's. */
export function cosigned(
  checkpoint: string,
  { key }: TestWitness,
  time = Math.floor(Date.now() / 1000),
): string {
  const note = parseNote(checkpoint);
  if (note === undefined) throw new Error(`no checkpoint: ${checkpoint}`);
  return formatNote({ text: note.text, signatures: [...note.signatures, cosignNote(note.text, key, time)] });
}

export async function cosign(witness: TestWitness): Promise<Answer> {
  const { text } = await witness.api.get("/v1/tlog/checkpoint?for=witness");
  return await witness.api.post("/v1/tlog/cosignatures", { checkpoint: cosigned(text, witness) });
}

export function sizeOf(checkpoint: string): number {
  return Number(checkpoint.split("\n")[1]);
}

/** Has witnesses cosign what they are asked for, until enough have cosigned a checkpoint of so many entries. */
export async function witnessUpTo(witnesses: readonly TestWitness[], seq: number): Promise<string> {
  return await until(90_000, `a witnessed checkpoint of ${seq} entries`, async () => {
    for (const witness of witnesses) await cosign(witness);
    const { status, text } = await (witnesses[0] as TestWitness).api.get(
      "/v1/tlog/checkpoint?witnessed=true",
    );
    return status === 200 && sizeOf(text) >= seq ? text : undefined;
  });
}
