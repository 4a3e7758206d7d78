import { type Answer, caller } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { addPerson, publish, redTo, signInAs } from "../support/sessions.ts";
import { get, NOBODY_ID, send } from "./asking.ts";
import { change } from "./credential-link-rows.ts";
import { CSV_TYPE, JSON_TYPE, type Row, type Stage } from "./row.ts";
import { indicator } from "./submitting.ts";

const TABLE = "value\nred.example.com\n";

/** A new contact of SG. */
async function contactOf({ officer }: Stage): Promise<string> {
  const person = await addPerson(officer, "a row's own");
  await publish(officer, person);
  return person;
}

/** Asks as a person who has signed in and has nothing in the inbox. */
const signedIn = (method: string, path: string): Row["ask"] => {
  return async (stage) => {
    const { platform, officer } = stage;
    const { api } = await signInAs(officer, await contactOf(stage), (key) => caller(platform.url, key));
    return await api.send(method, path);
  };
};

/** Submits to a contact, with a query made of its id. */
const submitTo = (
  query: (person: string) => string,
  body = TABLE,
  type: Record<string, string> = CSV_TYPE,
): Row["ask"] => {
  return async (stage): Promise<Answer> =>
    await stage.analyst.raw(`/v1/submissions${query(await contactOf(stage))}`, body, type);
};

const ADDRESSED = JSON.stringify({
  title: "For an organisation",
  narrative: "It was seen at red.example.com.",
  to: ["MY"],
});

/** TLP:RED: whom it may name, and who opens an inbox. */
export const INBOX_ROWS: readonly Row[] = [
  {
    it: "a person under another marking",
    code: "people-need-red",
    ask: submitTo((id) => `?tlp=green&to=person:${id}`),
    tells: "tlp=red",
  },
  {
    it: "a person for what bears no marking",
    code: "people-need-red",
    ask: submitTo((id) => `?to=person:${id}`),
  },
  {
    it: "a person for what is marked GREEN in the content",
    code: "people-need-red",
    ask: submitTo((id) => `?to=person:${id}`, "value,tlp\nred.example.com,TLP:GREEN\n"),
  },
  {
    it: "a person and an organisation",
    code: "red-needs-people",
    ask: submitTo((id) => `?tlp=red&to=person:${id},MY`),
    tells: "people alone",
  },
  {
    it: "TLP:RED for an organisation",
    code: "red-needs-people",
    ask: async ({ analyst }) => await analyst.raw("/v1/submissions?tlp=red&to=MY", TABLE, CSV_TYPE),
    tells: "/v1/contacts",
  },
  {
    it: "a person for a report that addresses an organisation by itself",
    code: "red-needs-people",
    ask: submitTo((id) => `${redTo(id)}&format=incident`, ADDRESSED, JSON_TYPE),
    tells: "addresses organisations",
  },
  {
    it: "a person for what another server says",
    code: "people-need-red",
    ask: submitTo((id) => `${redTo(id)}&origin=https://taxii.example/c/`, bundleOf(indicator(71)), JSON_TYPE),
  },
  {
    it: "a source that pulls for a person",
    code: "people-need-red",
    ask: async (stage) => {
      const to = `person:${await contactOf(stage)}`;
      return await stage.analyst.post("/v1/sources", { url: "https://taxii.example/", tlp: "red", to });
    },
  },
  {
    it: "a person whom there is none of",
    code: "unknown-person",
    ask: async ({ analyst }) => await analyst.raw(`/v1/submissions${redTo(NOBODY_ID)}`, TABLE, CSV_TYPE),
  },
  {
    it: "a contact who was removed and came back, and was not published again",
    code: "unknown-person",
    ask: async (stage) => {
      const person = await contactOf(stage);
      await stage.officer.send("DELETE", `/v1/people/${person}`);
      await change(stage, "UPDATE core.person SET status = 'active' WHERE id = $1", person);
      return await stage.analyst.raw(`/v1/submissions${redTo(person)}`, TABLE, CSV_TYPE);
    },
  },
  {
    it: "a person under what is no id",
    code: "unknown-person",
    ask: async ({ analyst }) => await analyst.raw(`/v1/submissions${redTo("' OR 1=1 --")}`, TABLE, CSV_TYPE),
  },
  {
    it: "more people than have to know",
    code: "unknown-person",
    ask: async ({ analyst }) => {
      const many = Array.from({ length: 21 }, (_, n) => `${NOBODY_ID.slice(0, -2)}${10 + n}`);
      return await analyst.raw(`/v1/submissions${redTo(...many)}`, TABLE, CSV_TYPE);
    },
    tells: "at most 20",
  },
  {
    it: "a dry run of more than people read",
    code: "too-large",
    ask: submitTo(
      (id) => `${redTo(id)}&dryRun=true`,
      `value\n${Array.from({ length: 1_001 }, (_, n) => `n${n}.red.example.com`).join("\n")}\n`,
    ),
  },
  {
    it: "an advisory for a person",
    code: "bad-request",
    ask: async (stage) => {
      const draft = { title: "t", body: "b", tlp: "amber", to: [`person:${await contactOf(stage)}`] };
      return await stage.officer.post("/v1/advisories", draft);
    },
  },

  { it: "an inbox by a machine key", code: "forbidden", ask: get("/v1/inbox"), tells: "session" },
  { it: "an item by a machine key", code: "forbidden", ask: get(`/v1/inbox/${NOBODY_ID}`) },
  {
    it: "an acknowledgement by a machine key",
    code: "forbidden",
    ask: send("POST", `/v1/inbox/${NOBODY_ID}/acknowledgement`),
  },
  { it: "what was sent, by a machine key", code: "forbidden", ask: get("/v1/inbox/sent") },
  {
    it: "a withdrawal by a machine key",
    code: "forbidden",
    ask: send("DELETE", `/v1/inbox/sent/${NOBODY_ID}`),
  },
  {
    it: "an inbox by the operator",
    code: "forbidden",
    ask: async ({ operator }) => await operator.get("/v1/inbox"),
  },
  { it: "an item that is not there", code: "not-found", ask: signedIn("GET", `/v1/inbox/${NOBODY_ID}`) },
  { it: "an item under what is no id", code: "bad-request", ask: signedIn("GET", "/v1/inbox/first") },
  {
    it: "an acknowledgement of what is not there",
    code: "not-found",
    ask: signedIn("POST", `/v1/inbox/${NOBODY_ID}/acknowledgement`),
  },
  {
    it: "an acknowledgement of a withdrawal that is none",
    code: "bad-request",
    ask: async (stage) => {
      const { api } = await signInAs(stage.officer, await contactOf(stage), (key) =>
        caller(stage.platform.url, key),
      );
      return await api.post(`/v1/inbox/${NOBODY_ID}/acknowledgement`, { withdrawal: false });
    },
  },
  {
    it: "an inbox in a state that there is none of",
    code: "bad-request",
    ask: signedIn("GET", "/v1/inbox?state=lost"),
  },
  {
    it: "a withdrawal of what nobody sent",
    code: "not-found",
    ask: signedIn("DELETE", `/v1/inbox/sent/${NOBODY_ID}`),
  },
  { it: "an inbox after what is no place", code: "bad-cursor", ask: signedIn("GET", "/v1/inbox?after=x") },
  {
    it: "what was sent after what is no place",
    code: "bad-cursor",
    ask: signedIn("GET", "/v1/inbox/sent?after=x"),
  },

  { it: "contacts after what is no place", code: "bad-cursor", ask: get("/v1/contacts?after=x") },
  {
    it: "contacts for a subscriber",
    code: "forbidden",
    ask: async ({ subscriber }) => await subscriber.get("/v1/contacts"),
  },
  {
    it: "a contact without a title",
    code: "bad-request",
    ask: async (stage) =>
      await stage.officer.send("PUT", `/v1/people/${await contactOf(stage)}/contact`, { title: " " }),
  },
  {
    it: "a contact of somebody whom there is none of",
    code: "not-found",
    ask: send("PUT", `/v1/people/${NOBODY_ID}/contact`, { title: "Duty" }),
  },
  {
    it: "a contact of somebody who was removed",
    code: "not-found",
    ask: async (stage) => {
      const person = await contactOf(stage);
      await stage.officer.send("DELETE", `/v1/people/${person}`);
      return await stage.officer.send("PUT", `/v1/people/${person}/contact`, { title: "Duty" });
    },
  },
  {
    it: "the end of a contact that is none",
    code: "not-found",
    ask: send("DELETE", `/v1/people/${NOBODY_ID}/contact`),
  },
];
