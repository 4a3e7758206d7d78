import { until, wholeLog } from "../support/api.ts";
import { bundleOf } from "../support/bundle-of.ts";
import { sdo } from "./bundles.ts";
import type { Reader } from "./readers.ts";
import { JSON_TYPE, ownOf, type Sower, submit } from "./sower.ts";

/**
 * Incidents for another member: one that waits, and one of an agency, which its CERT's officer reads as who is asked; one
 * that was refused, with a canary in the reason. Their recipients learn of none.
 */
export async function plantApprovals(sower: Sower): Promise<void> {
  const { canaries, as } = sower;
  const officerToo = (one: Reader): boolean => ownOf("SG", ["officer"])(one);
  const waiting = canaries.plant("an incident that waits", "own", ownOf("SG"));
  await ask(sower, "SG", waiting.text);
  const power = ownOf("SG:example-power");
  const agencys = canaries.plant(
    "an agency's incident that waits",
    "own",
    (one) => power(one) || officerToo(one),
  );
  await ask(sower, "SG:example-power", agencys.text);
  const refused = canaries.plant("an incident that was refused", "own", ownOf("SG"));
  const reason = canaries.plant("the reason of a refusal", "own", ownOf("SG"));
  const id = await ask(sower, "SG", refused.text);
  const answer = await as("SG", "officer").api.post(`/v1/approvals/${id}/refusal`, { reason: reason.text });
  if (answer.status !== 200) throw new Error(answer.text);
  await until(30_000, "the notice of a refusal", async () =>
    (await wholeLog(as("SG").api, "&kinds=alert")).find(({ object }) => object.content.includes(reason.text)),
  );
}

/** The request's id. */
async function ask(sower: Sower, producer: string, canary: string): Promise<string> {
  const incident = sdo("incident", canary, { name: `${canary} incident`, description: canary });
  const { body, text } = await submit(
    sower,
    producer,
    "?tlp=amber%2Bstrict&to=VN",
    bundleOf(incident),
    JSON_TYPE,
  );
  const [asked] = body.approvals;
  if (asked?.state !== "pending") throw new Error(text);
  const also = producer === "SG" ? {} : { officersOf: "SG" };
  sower.things.approval.push({ id: asked.id, organisation: producer, realm: "live", ...also });
  return asked.id;
}
