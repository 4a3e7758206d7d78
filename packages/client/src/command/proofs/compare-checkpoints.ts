import {
  consistencyFromTiles,
  fromBase64,
  isOfLog,
  lackingQuorum,
  openUnderPolicy,
  type PolicyCheckpoint,
  type ReadTile,
  verifyConsistency,
  type WitnessPolicy,
} from "@suar/merkle";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import { UsageError } from "../shell/exit-codes.ts";
import type { Finding } from "./findings.ts";

type Given = { place: string; text: string };
export type Evidence = { proof: string } | { readTile: ReadTile };
type Compared = { findings: Finding[]; sizes?: { earlier: number; later: number } };

/** Whether both checkpoints are witnessed and of one log, and the later one's log begins with the earlier one's. */
export async function compareCheckpoints(
  earlier: Given,
  later: Given,
  policy: WitnessPolicy,
  evidence: Evidence | undefined,
): Promise<Compared> {
  const findings: Finding[] = [];
  const [old, young] = [earlier, later].map((given) => openOne(given, policy, findings));
  if (old === undefined || young === undefined) return { findings };
  const sizes = { earlier: old.checkpoint.size, later: young.checkpoint.size };
  if (!isOfLog(policy, young.log, old.checkpoint.origin))
    return {
      findings: [...findings, finding("unknown-log", later, `not of the log ${old.checkpoint.origin}`)],
      sizes,
    };
  if (sizes.later < sizes.earlier) {
    const message = `it has ${sizes.later} leaves, the earlier one ${sizes.earlier}: a log never shrinks`;
    return { findings: [...findings, finding("other-history", later, message)], sizes };
  }
  if (!(await isPrefix(old, young, evidence)))
    findings.push(finding("other-history", later, `its log does not begin with the one of ${earlier.place}`));
  return { findings, sizes };
}

function openOne(given: Given, policy: WitnessPolicy, findings: Finding[]): PolicyCheckpoint | undefined {
  const opened = openUnderPolicy(given.text, policy, Date.now() / 1_000);
  const lacking = opened && lackingQuorum(policy, opened.members);
  if (opened === undefined)
    findings.push(finding("bad-checkpoint", given, "signed by no log of the policy, or changed"));
  else if (lacking !== undefined) findings.push(finding("too-few-witnesses", given, lacking));
  return opened;
}

async function isPrefix(
  { checkpoint: old }: PolicyCheckpoint,
  { checkpoint: young }: PolicyCheckpoint,
  evidence: Evidence | undefined,
): Promise<boolean> {
  const proof = await proofOf(old.size, young.size, evidence);
  return verifyConsistency(old.size, young.size, proof, old.root, young.root);
}

async function proofOf(from: number, to: number, evidence: Evidence | undefined): Promise<Uint8Array[]> {
  if (from === to || from === 0) return [];
  if (evidence === undefined) throw new UsageError("two sizes need --proof FILE or --tiles FOLDER");
  return "proof" in evidence
    ? readProof(evidence.proof)
    : await consistencyFromTiles(from, to, evidence.readTile);
}

const Proof = z.object({ proof: z.array(z.string().max(64)).max(128) });

function readProof(text: string): Uint8Array[] {
  const read = Proof.safeParse(jsonOr(text, undefined));
  if (!read.success) throw new UsageError('the proof is not {"proof": [hashes in Base64]}');
  // What is no hash is shown to be none by the verifier.
  return read.data.proof.map((hash) => fromBase64(hash) ?? new Uint8Array());
}

function finding(code: Finding["code"], { place }: Given, message: string): Finding {
  return { code, seq: null, place, message };
}
