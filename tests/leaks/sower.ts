import { type Answer, submitAndWait } from "../support/api.ts";
import type { PlatformProcess } from "../support/platform.ts";
import type { Receiver } from "../support/receiver.ts";
import type { Canaries } from "./canaries.ts";
import { maySee, type PlantedTlp, party } from "./oracle.ts";
import type { Reader } from "./readers.ts";
import type { Thing, Things } from "./things.ts";

export type Ground = {
  platform: PlatformProcess;
  canaries: Canaries;
  readers: readonly Reader[];
  /** A receiver for each organisation that has a webhook. */
  receivers: ReadonlyMap<string, Receiver>;
};

/** Who plants: the ground, and what was made on it so far. */
export type Sower = Ground & { things: Things; as(code: string, role?: string): Reader };

export function readerOf(readers: readonly Reader[], code: string, role: string): Reader {
  const found = readers.find((one) => one.realm === "live" && one.party?.code === code && one.role === role);
  if (found === undefined) throw new Error(`there is no ${code} ${role}`);
  return found;
}

/** Those of the live realm whom the oracle lets see it. */
export function audience(marking: {
  tlp: PlantedTlp;
  producer: string;
  to?: readonly string[];
}): (reader: Reader) => boolean {
  const whole = { tlp: marking.tlp, producer: party(marking.producer), to: marking.to ?? [] };
  return ({ realm, party: who }) => realm === "live" && who !== undefined && maySee(whole, who);
}

export const ownOf =
  (code: string, roles?: readonly string[]) =>
  ({ realm, party: who, role }: Reader): boolean =>
    realm === "live" && who?.code === code && (roles === undefined || roles.includes(role ?? ""));

export async function submit(
  { things, as }: Sower,
  producer: string,
  query: string,
  body: string,
  type: string,
): Promise<Answer> {
  const answer = await submitAndWait(as(producer).api, query, body, type);
  if (answer.body.status !== "done") throw new Error(`${producer}${query}: ${answer.text}`);
  things.submission.push({ id: answer.body.id, organisation: producer, realm: "live" });
  things.object.push(...someObjects(answer, producer, "live"));
  things.stated.push(...statedObjects(answer, producer, "live"));
  return answer;
}

/** The first and the last object of a submission: the crawl asks for each as everybody, lists show the others. */
export function someObjects({ body }: Answer, organisation: string, realm: Thing["realm"]): Thing[] {
  const all = statedObjects({ body }, organisation, realm);
  return [...new Set([all.at(0), all.at(-1)])].flatMap((one) => (one === undefined ? [] : [one]));
}

/** All of them: explanations are asked for of each. */
export function statedObjects(
  { body }: Pick<Answer, "body">,
  organisation: string,
  realm: Thing["realm"],
): Thing[] {
  const ids = (body.records as { ids: string[] }[]).flatMap((record) => record.ids);
  return [...new Set(ids)].map((id) => ({ id, organisation, realm }));
}

export const JSON_TYPE = "application/json";

export function expectMade(answer: Answer): Answer["body"] {
  if (answer.status !== 201) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
}
