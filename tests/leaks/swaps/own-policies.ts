import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Member, PairPolicy, signPolicy } from "@suar/policy";
import { type Caller, caller, until } from "../../support/api.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { expectMade } from "../sower.ts";
import { OWNER, type Owned } from "./kinds.ts";
import { PARTNER } from "./own-agreements.ts";

export const PAIR = `${OWNER}-${PARTNER}`;
/** Neither of the two of the pair. */
const FRIEND = "TH";

type Signer = { id: string; member: Member; publicKey: string; privateKey: KeyObject; officer: Caller };

/** Keys, and proposals for a pair of the owner's: one that both signed, one that the owner signed, one that was taken back. */
export async function makePolicies(
  platform: PlatformProcess,
): Promise<Pick<Owned, "pair" | "proposal" | "policyKey" | "publicKey">> {
  const as = (code: string) => caller(platform.url, platform.key(code, "officer"));
  const register = async (member: Member): Promise<Signer> => await newKey(as(member), member);
  const confirm = async ({ id }: Signer): Promise<void> =>
    expectOk(await as(FRIEND).post(`/v1/policy-keys/${id}/confirm`));
  const [waiting, own, revoked, other] = [
    await register(OWNER),
    await register(OWNER),
    await register(OWNER),
    await register(PARTNER),
  ];
  for (const key of [own, revoked, other]) await confirm(key);
  expectOk(await as(OWNER).send("DELETE", `/v1/policy-keys/${revoked.id}`));
  const signed = await propose(as(OWNER), { deadlineHours: 11 });
  for (const key of [own, other]) await sign(key, signed);
  const [open, withdrawn] = [
    await propose(as(OWNER), { deadlineHours: 12 }),
    await propose(as(OWNER), { deadlineHours: 13 }),
  ];
  await sign(own, open);
  expectOk(await as(OWNER).send("DELETE", `/v1/policy-proposals/${withdrawn.id}`));
  return {
    pair: [{ id: PAIR, is: "one of the owner's" }],
    proposal: [
      { id: open.id, is: "open" },
      { id: signed.id, is: "signed" },
      { id: withdrawn.id, is: "withdrawn" },
    ],
    policyKey: [
      { id: waiting.id, is: "one that waits" },
      { id: own.id, is: "active" },
      { id: revoked.id, is: "revoked" },
    ],
    publicKey: [
      { id: own.publicKey, is: "active" },
      { id: revoked.publicKey, is: "revoked" },
    ],
  };
}

async function newKey(officer: Caller, member: Member): Promise<Signer> {
  const { privateKey, publicKey: pair } = generateKeyPairSync("ed25519");
  const publicKey = Buffer.from(pair.export({ format: "jwk" }).x ?? "", "base64url").toString("base64");
  const { id } = expectMade(await officer.post("/v1/policy-keys", { publicKey, label: "office" }));
  return { id, member, publicKey, privateKey, officer };
}

type Proposal = { id: string; policy: PairPolicy };

async function propose(officer: Caller, change: object): Promise<Proposal> {
  const { policy, version, hash: previous } = (await officer.get(`/v1/policies/${PAIR}`)).body;
  const next = PairPolicy.parse({ ...policy, version: version + 1, previous, ...change });
  const { id } = expectMade(await officer.post(`/v1/policies/${PAIR}/proposals`, { policy: next }));
  return { id, policy: next };
}

async function sign({ id: key, member, officer, ...pair }: Signer, { id, policy }: Proposal): Promise<void> {
  const { signature } = signPolicy(policy, member, { privateKey: pair.privateKey, key: pair.publicKey });
  // The other member's diff is worked out meanwhile, too; nobody here signs for it to read it.
  await until(30_000, "the diffs of a proposal", async () => {
    const answer = await officer.post(`/v1/policy-proposals/${id}/signatures`, { key, signature });
    if (answer.body?.code === "diff-not-ready") return undefined;
    expectOk(answer);
    return true;
  });
}

function expectOk({ status, text }: { status: number; text: string }): void {
  if (status !== 200) throw new Error(`${status} ${text}`);
}
