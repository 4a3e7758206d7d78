import { randomUUID } from "node:crypto";
import { type Answer, type Caller, submitAndWait, until, wholeLog } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import type { Scene } from "./scene.ts";

/** A victim's address: it crosses no border. */
export const ADDRESS = "tan.ah.kow@victim.example.sg";

export function incidentOf(name: string, more: object = {}): any {
  const at = "2026-03-01T00:00:00.000Z";
  const id = `incident--${randomUUID()}`;
  const description = `${name}, told by ${ADDRESS}`;
  return { type: "incident", spec_version: "2.1", id, created: at, modified: at, name, description, ...more };
}

export type Asked = { object: any; id: string; submission: any };

/** States an incident to another member, and gives the one request that came of it. */
export async function askFor(by: Caller, to: string, object: any): Promise<Asked> {
  const query = `?tlp=amber&to=${to}&format=stix`;
  const { body, text } = await submitAndWait(by, query, bundleOf(object), "application/json");
  const [asked, ...others] = body.approvals;
  if (asked === undefined || others.length > 0) throw new Error(text);
  return { object, id: asked.id, submission: body };
}

export const approvalOf = async (by: Caller, id: string): Promise<Answer> =>
  await by.get(`/v1/approvals/${id}`);
/** To what they read just now; who may read nothing of it says so, too. */
export const agree = async (by: Caller, id: string, headers?: Record<string, string>): Promise<Answer> => {
  const { body } = headers === undefined ? await approvalOf(by, id) : { body: undefined };
  const seen = headers ?? { "if-match": `"${body?.etag}"` };
  return await by.post(`/v1/approvals/${id}/approval`, undefined, seen);
};
export const refuse = async (by: Caller, id: string, reason = "Not for them"): Promise<Answer> =>
  await by.post(`/v1/approvals/${id}/refusal`, { reason });

export const codeOf = ({ status, body }: Answer): [number, string | undefined] => [status, body?.code];

/** A second officer of a member, whom an officer of another member has confirmed. */
export async function secondOfficer(
  officer: Caller,
  friend: Caller,
  withKey: (key: string) => Caller,
): Promise<Caller> {
  const asked = { roles: ["officer"], label: "deputy", secondPerson: true };
  const { body } = await officer.post("/v1/keys", asked);
  const confirmed = await friend.post(`/v1/keys/${body.id}/confirm`);
  if (confirmed.status !== 200) throw new Error(confirmed.text);
  return withKey(body.key);
}

/** What the cases ask of members: their officers, what these are told, and what became of a request. */
export function approvalScene(scene: Scene) {
  const officer = (member: string): Caller => scene.as(member, "officer");
  const deputy = async (member: string, friend: string): Promise<Caller> =>
    await secondOfficer(officer(member), officer(friend), scene.withKey);
  const noticesOf = async (member: string, id: string): Promise<any[]> =>
    (await wholeLog(scene.as(member), "&kinds=alert"))
      .map(({ object }) => object)
      .filter(({ labels, content }) => labels?.[0]?.startsWith("approval-") && content.includes(id));
  const noticed = async (member: string, id: string, label: string): Promise<any> =>
    await until(30_000, `${label} at ${member}`, async () =>
      (await noticesOf(member, id)).find(({ labels }) => labels[0] === label),
    );
  const outcome = async (by: Caller, submission: string) =>
    (await by.get(`/v1/submissions/${submission}`)).body.approvals;
  return { officer, deputy, noticed, noticesOf, outcome };
}
