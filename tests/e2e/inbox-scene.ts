import { type Answer, type Caller, submitAndWait } from "../support/api.ts";
import { addPerson, publish, redTo, type SignedIn, signInAs } from "../support/sessions.ts";
import type { Scene } from "./scene.ts";

/** What the cases of TLP:RED ask of people: to be added, published, signed in, sent to, and to look. */
export function inboxScene(scene: Scene) {
  const withKey = (key: string | undefined): Caller => scene.withKey(key);
  const signIn = async (member: string, person: string) =>
    await signInAs(scene.as(member, "officer"), person, withKey);
  /** A new person of a member, published and signed in. */
  const contact = async (member: string, title = `Duty of ${member}`): Promise<SignedIn> => {
    const officer = scene.as(member, "officer");
    const person = await addPerson(officer, "not for others");
    await publish(officer, person, title);
    return await signIn(member, person);
  };
  const personOf = async (api: Caller): Promise<string> => (await api.get("/v1/whoami")).body.personId;
  const send = async (by: Caller, hosts: readonly string[], ...people: readonly string[]): Promise<Answer> =>
    await submitAndWait(by, redTo(...people), `value\n${hosts.join("\n")}\n`, "text/csv");
  const itemOf = async ({ api }: SignedIn) => (await api.get("/v1/inbox")).body.items[0];
  const shape = ({ status, body: { code } }: Answer): unknown[] => [status, code];
  return { withKey, signIn, contact, personOf, send, itemOf, shape };
}
