import { type Caller, caller, submitAndWait } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { addPerson, publish, redTo, signInAs } from "../support/sessions.ts";
import { wholeReport } from "./bundles.ts";
import type { Canary } from "./canaries.ts";
import { party } from "./oracle.ts";
import type { Reader } from "./readers.ts";
import { type Ground, JSON_TYPE, readerOf, type Sower } from "./sower.ts";

/** A person's own signed-in session. */
type PersonReader = Reader & { person: string };

/** Two people each of the member that sends TLP:RED and of the one that gets it, all of them contacts, signed in. */
export type People = Record<"sender" | "colleague" | "addressee" | "neighbour", PersonReader>;

export async function signInPeople({ platform, readers, canaries }: Ground): Promise<People> {
  const withKey = (key: string | undefined): Caller => caller(platform.url, key);
  const join = async (code: string, name: string): Promise<PersonReader> => {
    const officer = readerOf(readers, code, "officer").api;
    const person = await addPerson(officer, name);
    const title = canaries.plant(`the published title of ${name}`, "own", readsContacts);
    await publish(officer, person, title.text);
    const { api, key } = await signInAs(officer, person, withKey);
    return { name, realm: "live", party: party(code), role: "analyst", key, api, person };
  };
  return {
    sender: await join("SG", "the sender of RED"),
    colleague: await join("SG", "the sender's colleague"),
    addressee: await join("MY", "the addressee of RED"),
    neighbour: await join("MY", "the addressee's colleague"),
  };
}

const readsContacts = ({ realm, role }: Reader): boolean =>
  realm === "live" && (role === "analyst" || role === "officer");

/** What was planted under TLP:RED: what is there to be read, and what was taken back. */
export type PlantedRed = { read: Canary; withdrawn: Canary };

/** TLP:RED from one person to one person: nobody else sees any of it, also not those who share their organisations. */
export async function plantRed(sower: Sower, { sender, addressee }: People): Promise<PlantedRed> {
  const { canaries, things } = sower;
  // A sender is told the ids of what came of it, and an observable's id is as good as its value.
  const both = ({ name }: Reader): boolean => name === sender.name || name === addressee.name;
  const own = ({ name }: Reader): boolean => name === sender.name;
  const query = redTo(addressee.person);
  const read = canaries.plant("TLP:RED for one person", "own", both);
  const send = async (body: string, type: string): Promise<string> => {
    const { body: done, text } = await submitAndWait(sender.api, query, body, type);
    if (done.status !== "done") throw new Error(text);
    const whose = { id: done.id, organisation: "SG", realm: "live", person: sender.person } as const;
    things.submission.push(whose);
    things.sentRed.push(whose);
    return done.id;
  };
  await send(bundleOf(...wholeReport(read.text)), JSON_TYPE);
  const column = canaries.plant("a column that a table under TLP:RED loses", "own", own);
  await send(`value,${column.text}\nlost-under-red.example.com,x\n`, "text/csv");
  const withdrawn = canaries.plant("TLP:RED that was taken back", "own", own);
  const back = await send(bundleOf(...wholeReport(withdrawn.text)), JSON_TYPE);
  const answer = await sender.api.send("DELETE", `/v1/inbox/sent/${back}`);
  if (answer.status !== 200) throw new Error(answer.text);
  const dry = canaries.plant("a dry run under TLP:RED", "own", () => false);
  await sender.api.raw(`/v1/submissions${query}&dryRun=true`, bundleOf(...wholeReport(dry.text)), {
    "content-type": JSON_TYPE,
  });
  const { items } = (await addressee.api.get("/v1/inbox")).body;
  if (items.length !== 3) throw new Error(`${items.length} items in the inbox`);
  for (const { id } of items)
    things.inbox.push({ id, organisation: "MY", realm: "live", person: addressee.person });
  await plantFailed(sower, sender);
  return { read, withdrawn };
}

/** Found to be TLP:RED too late for the answer, and for nobody: what was understood of it until then is shown to nobody else. */
async function plantFailed({ canaries, things }: Sower, sender: PersonReader): Promise<void> {
  const own = ({ name }: Reader): boolean => name === sender.name;
  const refused = canaries.plant("a refused row of a table that turned out TLP:RED", "own", own);
  const rows = Array.from({ length: 6_000 }, (_, n) => `n${n}.turned-red.example,`);
  const table = `value,tlp\n${refused.text} is no value,\n${rows.join("\n")}\nlast.example.com,TLP:RED\n`;
  const { body } = await submitAndWait(sender.api, "?tlp=green", table, "text/csv");
  if (body.status !== "failed" || body.problem.code !== "red-needs-people")
    throw new Error(JSON.stringify(body));
  things.submission.push({ id: body.id, organisation: "SG", realm: "live", person: sender.person });
}
