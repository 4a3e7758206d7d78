import { type Member, PairPolicy, pairName, partiesOf, signPolicy } from "@suar/policy";
import { newPolicyKeys, type PolicyKeys } from "@suar/policy/testing/policy-keys";
import type { Answer, Caller } from "./api.ts";

/** A key that a member has registered, with both halves. */
export type PolicySigner = PolicyKeys & { id: string; member: Member };
/** Who speaks for a member. */
type Officers = (member: string) => Caller;

/** A key that waits for another member's word. */
export async function registerSigner(officer: Caller, member: Member): Promise<PolicySigner> {
  const keys = newPolicyKeys();
  const { id } = good(await officer.post("/v1/policy-keys", { publicKey: keys.key, label: "for a test" }));
  return { ...keys, id, member };
}

async function confirmedSigner(officer: Officers, member: Member, friend: Member): Promise<PolicySigner> {
  const made = await registerSigner(officer(member), member);
  good(await officer(friend).post(`/v1/policy-keys/${made.id}/confirm`));
  return made;
}

/** What would follow the version that is in force. */
export async function nextPolicy(
  reader: Caller,
  pair: string,
  change: (policy: PairPolicy) => object,
): Promise<PairPolicy> {
  const { policy, version, hash: previous } = good(await reader.get(`/v1/policies/${pair}`));
  return PairPolicy.parse({ ...policy, ...change(policy), version: version + 1, previous });
}

export async function proposePolicy(officer: Caller, policy: PairPolicy): Promise<any> {
  return good(await officer.post(`/v1/policies/${pairName(policy)}/proposals`, { policy }));
}

export async function signProposal(
  officer: Caller,
  { id: key, member, ...keys }: PolicySigner,
  proposal: string,
  policy: PairPolicy,
): Promise<Answer> {
  const { signature } = signPolicy(policy, member, keys);
  return await officer.post(`/v1/policy-proposals/${proposal}/signatures`, { key, signature });
}

/** Changes the policy of a pair as its members do: proposed, and signed by both with keys that another confirmed. */
export async function changePairPolicy(
  officer: Officers,
  [exporter, importer, friend]: readonly [Member, Member, Member],
  change: (policy: PairPolicy) => object,
): Promise<PairPolicy> {
  const next = await nextPolicy(officer(exporter), `${exporter}-${importer}`, change);
  const { id } = await proposePolicy(officer(exporter), next);
  for (const member of partiesOf(next)) {
    const signer = await confirmedSigner(officer, member, friend);
    good(await signProposal(officer(member), signer, id, next));
  }
  return next;
}

function good({ status, text, body }: Answer): any {
  if (status >= 300) throw new Error(`${status} ${text}`);
  return body;
}
