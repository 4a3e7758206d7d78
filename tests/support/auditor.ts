import {
  formatVerifierKey,
  openUnderPolicy,
  type PolicyCheckpoint,
  parseReceipt,
  parseWitnessPolicy,
  verifyConsistency,
  verifyReceipt,
  type WitnessPolicy,
} from "@suar/merkle";
import type { Answer, Caller } from "./api.ts";

/** What a member keeps of its own: a policy, a checkpoint, entries with their receipts. */
export type Kept = {
  api: Caller;
  organisation: string;
  policy: WitnessPolicy;
  checkpoint: string;
  entries: { item: any; receipt: string }[];
};

/** Keeps what a member can see of these entries now. */
export async function keepEntries(api: Caller, organisation: string, items: readonly any[]): Promise<Kept> {
  const policy = parseWitnessPolicy((await api.get("/v1/tlog/witness-policy")).text);
  if (!policy.ok) throw new Error(policy.message);
  const { text: checkpoint } = await api.get("/v1/tlog/checkpoint?witnessed=true");
  const entries = await Promise.all(
    items.map(async (item) => ({ item, receipt: (await api.get(`/v1/tlog/receipts/${item.seq}`)).text })),
  );
  return { api, organisation, policy: policy.value, checkpoint, entries };
}

class Found extends Error {}

/** What a member finds wrong with the platform, by what it kept and what the platform says now; undefined for nothing. */
export async function audit(kept: Kept): Promise<string | undefined> {
  try {
    await checkHistory(kept);
    for (const entry of kept.entries) await checkEntry(kept, entry);
    return undefined;
  } catch (error) {
    if (error instanceof Found) return error.message;
    throw error;
  }
}

async function ask({ api }: Kept, path: string): Promise<Answer> {
  const answer = await api.get(path);
  if (answer.status !== 200) throw new Found(`${path} answers ${answer.status} ${answer.body?.code}`);
  return answer;
}

/** The newest checkpoint is the same log's, and goes on from the one that was kept. */
async function checkHistory(kept: Kept): Promise<void> {
  const opened = (note: string): PolicyCheckpoint => {
    const checkpoint = openUnderPolicy(note, kept.policy);
    if (checkpoint === undefined) throw new Found("a checkpoint that no key of the log signed");
    return checkpoint;
  };
  const old = opened(kept.checkpoint).checkpoint;
  const now = opened((await ask(kept, "/v1/tlog/checkpoint")).text).checkpoint;
  const { body } = await ask(kept, `/v1/tlog/consistency?from=${old.size}&to=${now.size}`);
  const proof = body.proof.map((hash: string) => Buffer.from(hash, "base64"));
  if (!verifyConsistency(old.size, now.size, proof, old.root, now.root)) throw new Found("another history");
  const told = (await ask(kept, "/v1/tlog/key")).text.trim();
  const known = kept.policy.logs.flatMap(({ keys }) => keys.map(formatVerifierKey));
  if (!known.includes(told)) throw new Found("another log's key");
}

/** The entry is what it was, and what its receipts say, the one that was kept and the one that is made now. */
async function checkEntry(kept: Kept, { item, receipt }: Kept["entries"][number]): Promise<void> {
  const [epoch] = item.cursor.split(".");
  const { body } = await ask(kept, `/v1/log?after=${epoch}.${item.seq - 1}&limit=1`);
  if (body === undefined) throw new Found(`entry ${item.seq} is no JSON`);
  const [found] = body.items;
  if (found?.seq !== item.seq) throw new Found(`entry ${item.seq} is gone`);
  for (const text of [receipt, (await ask(kept, `/v1/tlog/receipts/${item.seq}`)).text])
    checkReceipt(kept, found, text);
}

function checkReceipt(kept: Kept, item: any, text: string): void {
  const read = parseReceipt(text);
  if (!read.ok) throw new Found(`no receipt: ${read.message}`);
  // What was withdrawn later is served as its stub, under the number that it had; the withdrawal has a receipt itself.
  const isStub = item.kind === "withdrawn" && Object.keys(item.object).sort().join() === "id,modified,type";
  const body = isStub && read.value.kind !== "withdrawn" ? undefined : JSON.stringify(item.object);
  const { policy, organisation } = kept;
  const verified = verifyReceipt(read.value, { policy, organisation, body });
  if (!verified.ok) throw new Found(`${verified.code}: ${verified.message}`);
  const { sent, originator, head } = verified.receipt;
  const said = [head.seq, head.loggedAt, sent.id, sent.type, sent.tlp, originator];
  const shown = [item.seq, item.at, item.object.id, item.object.type, item.tlp, item.producer];
  if (said.join() !== shown.join()) throw new Found(`entry ${item.seq} says ${shown}, its receipt ${said}`);
  if (item.kind !== head.kind && !isStub)
    throw new Found(`entry ${item.seq} is ${item.kind}, its receipt of ${head.kind}`);
}
