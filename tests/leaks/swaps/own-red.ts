import { type Caller, caller, submitAndWait } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { addPerson, publish, redTo, type SignedIn, signInAs } from "../../support/sessions.ts";
import { indicator } from "../bundles.ts";
import { OWNER, OWNERS_WORD, type Owned } from "./kinds.ts";
import { PARTNER } from "./own-agreements.ts";

/** People with sessions of their own, each one to whom TLP:RED can be sent. */
export type People = Record<"own" | "colleague" | "foreigner" | "partner", SignedIn>;

export async function signInPeople(platform: PlatformProcess): Promise<People> {
  const withKey = (key: string | undefined): Caller => caller(platform.url, key);
  const join = async (code: string): Promise<SignedIn> => {
    const officer = withKey(platform.key(code, "officer"));
    const person = await addPerson(officer, "a person");
    await publish(officer, person);
    return await signInAs(officer, person, withKey);
  };
  return {
    own: await join(OWNER),
    colleague: await join(OWNER),
    foreigner: await join("MY"),
    partner: await join(PARTNER),
  };
}

/** What a person of the owner's was sent, and sent, under TLP:RED: there to be read, read, and taken back. */
export async function makeRed({ own, partner }: People): Promise<Pick<Owned, "inboxItem" | "sentRed">> {
  const sent = [await send(own, partner, "sentone"), await send(own, partner, "senttwo")];
  await takeBack(own, sent[1]);
  const got = [];
  for (const name of ["gotone", "gottwo", "gotthree"]) got.push(await send(partner, own, name));
  await takeBack(partner, got[2]);
  const { items } = (await own.api.get("/v1/inbox")).body as {
    items: { id: string; withdrawnAt: string | null }[];
  };
  const [back, read, unread] = items;
  if (items.length !== 3 || back?.withdrawnAt == null) throw new Error(JSON.stringify(items));
  await own.api.get(`/v1/inbox/${read?.id}`);
  await own.api.post(`/v1/inbox/${read?.id}/acknowledgement`);
  return {
    inboxItem: [
      { id: unread?.id ?? "", is: "unread" },
      { id: read?.id ?? "", is: "read and acknowledged" },
      { id: back.id, is: "withdrawn" },
    ],
    sentRed: [
      { id: sent[0] ?? "", is: "there to be read" },
      { id: sent[1] ?? "", is: "withdrawn" },
    ],
  };
}

/** The submission's id. */
async function send(from: SignedIn, to: SignedIn, name: string): Promise<string> {
  const content = bundleOf(indicator(`${OWNERS_WORD}-${name}`));
  const { body, text } = await submitAndWait(from.api, redTo(to.person), content, "application/json");
  if (body.status !== "done") throw new Error(text);
  return body.id;
}

async function takeBack({ api }: SignedIn, id: string | undefined): Promise<void> {
  const { status, text } = await api.send("DELETE", `/v1/inbox/sent/${id}`);
  if (status !== 200) throw new Error(text);
}
