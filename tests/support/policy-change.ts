import { generateKeyPairSync } from "node:crypto";
import { type Member, PairPolicy, partiesOf, signPolicy } from "@suar/policy";
import type { Answer, Caller } from "./api.ts";

/** Changes the policy of a pair as its two members do: proposed, and signed by both with keys that another confirmed. */
export async function changePairPolicy(
  officer: (member: string) => Caller,
  [exporter, importer, friend]: readonly [Member, Member, Member],
  change: (policy: PairPolicy) => object,
): Promise<PairPolicy> {
  const pair = `${exporter}-${importer}`;
  const { policy, version, hash: previous } = good(await officer(exporter).get(`/v1/policies/${pair}`));
  const next = PairPolicy.parse({ ...policy, ...change(policy), version: version + 1, previous });
  const { id } = good(await officer(exporter).post(`/v1/policies/${pair}/proposals`, { policy: next }));
  await diffed(officer, id, next);
  for (const member of [exporter, importer]) {
    const { privateKey, publicKey: made } = generateKeyPairSync("ed25519");
    const publicKey = Buffer.from(made.export({ format: "jwk" }).x ?? "", "base64url").toString("base64");
    const key = good(await officer(member).post("/v1/policy-keys", { publicKey, label: "for a test" }));
    good(await officer(friend).post(`/v1/policy-keys/${key.id}/confirm`));
    const { signature } = signPolicy(next, member, { privateKey, key: publicKey });
    good(await officer(member).post(`/v1/policy-proposals/${id}/signatures`, { key: key.id, signature }));
  }
  return next;
}

/** Waits until both members can read what a proposal would have changed, as the last signature does. */
export async function diffed(
  officer: (member: string) => Caller,
  id: string,
  policy: Pick<PairPolicy, "exporter" | "importer">,
): Promise<void> {
  for (const member of partiesOf(policy)) {
    const { status, text } = await officer(member).get(`/v1/policy-proposals/${id}/diff`);
    if (status !== 200 || !text.includes('{"line":"diff"')) throw new Error(`${status} ${text}`);
  }
}

function good({ status, text, body }: Answer): any {
  if (status >= 300) throw new Error(text);
  return body;
}
