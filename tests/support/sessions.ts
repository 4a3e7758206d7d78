import type { Caller } from "./api.ts";

/** A person who has signed in by a link of an officer of the same member. */
export type SignedIn = { person: string; api: Caller; key: string };

/** Signs a person in; `withKey` makes a caller of the session's key. */
export async function signInAs(
  officer: Caller,
  person: string,
  withKey: (key: string | undefined) => Caller,
): Promise<SignedIn> {
  const link = await officer.post(`/v1/people/${person}/sign-in-link`);
  if (link.status !== 201) throw new Error(link.text);
  const session = await withKey(undefined).post("/v1/sign-in", { token: link.body.token });
  if (session.status !== 201) throw new Error(session.text);
  return { person, key: session.body.key, api: withKey(session.body.key) };
}

/** Adds a person; the id. */
export async function addPerson(officer: Caller, title: string, more: object = {}): Promise<string> {
  const { status, body, text } = await officer.post("/v1/people", { title, roles: ["analyst"], ...more });
  if (status !== 201) throw new Error(text);
  return body.id;
}

/** Makes a person one to whom TLP:RED can be sent. */
export async function publish(officer: Caller, person: string, title = "Duty officer"): Promise<void> {
  const answer = await officer.send("PUT", `/v1/people/${person}/contact`, { title });
  if (answer.status !== 200) throw new Error(answer.text);
}

/** A query for TLP:RED to people. */
export function redTo(...people: readonly string[]): string {
  return `?tlp=red&to=${people.map((id) => `person:${id}`).join(",")}`;
}
