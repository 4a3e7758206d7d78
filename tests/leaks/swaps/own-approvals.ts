import { type Caller, caller, submitAndWait, until, wholeLog } from "../../support/api.ts";
import { bundleOf } from "../../support/bundle-of.ts";
import type { PlatformProcess } from "../../support/platform.ts";
import { sdo } from "../bundles.ts";
import { OWNER, OWNERS_WORD, type Thing } from "./kinds.ts";
import { PARTNER } from "./own-agreements.ts";

/** Incidents of the owner's for its partner: one that waits for the owner's officer, one that was refused, one that was approved. */
export async function makeApprovals(platform: PlatformProcess): Promise<Thing[]> {
  const analyst = caller(platform.url, platform.key(OWNER));
  const officer = caller(platform.url, platform.key(OWNER, "officer"));
  const ask = async (name: string): Promise<string> => {
    const incident = sdo("incident", `${OWNERS_WORD}-${name}`, { name: `${OWNERS_WORD} ${name}` });
    const query = `?tlp=amber%2Bstrict&to=${PARTNER}`;
    const { body, text } = await submitAndWait(analyst, query, bundleOf(incident), "application/json");
    const [asked] = body.approvals;
    if (asked?.state !== "pending") throw new Error(text);
    return asked.id;
  };
  const [waiting, refused, approved] = [
    await ask("waitsone"),
    await ask("refusedone"),
    await ask("approvedone"),
  ];
  await settle(officer, `/v1/approvals/${refused}/refusal`, { reason: OWNERS_WORD });
  const { etag } = (await officer.get(`/v1/approvals/${approved}`)).body;
  await settle(officer, `/v1/approvals/${approved}/approval`, undefined, { "if-match": `"${etag}"` });
  await noticed(analyst, [waiting, refused, approved]);
  return [
    { id: waiting, is: "one that waits" },
    { id: refused, is: "refused" },
    { id: approved, is: "approved" },
  ];
}

async function settle(
  officer: Caller,
  path: string,
  body?: object,
  headers?: Record<string, string>,
): Promise<void> {
  const { status, text } = await officer.post(path, body, headers);
  if (status !== 200) throw new Error(text);
}

/** Nothing of it is under way any more. */
async function noticed(analyst: Caller, [waiting, ...settled]: readonly string[]): Promise<void> {
  await until(30_000, "the notices of approvals", async () => {
    const notes = (await wholeLog(analyst, "&kinds=alert")).map(({ object }) => object);
    const holds = (label: RegExp, id = "") =>
      notes.some(({ labels, content }) => label.test(labels?.[0] ?? "") && content.includes(id));
    const isTold = settled.every((id) => holds(/^approval-(refused|approved)$/, id));
    return isTold && holds(/^approval-asked$/, waiting) ? true : undefined;
  });
}
