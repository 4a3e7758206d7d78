import { hooksAt, showDeliveries, type Timing, timesAt } from "../deliveries.ts";
import type { Narrator } from "../narrator.ts";
import { submitSample } from "../samples.ts";
import type { Stage } from "../stage.ts";

/** TLP:GREEN goes to the whole community. */
export async function tellMispEvent(stage: Stage, narrator: Narrator): Promise<Timing[]> {
  narrator.chapter("Singapore shares a MISP event with everybody");
  narrator.say(
    "An analyst of SG sends an event as MISP exports it. It is marked TLP:GREEN inside: for all members and " +
      "their communities. Suar answers 202 once the bytes are safe, and normalizes them to STIX 2.1.",
  );
  const { since, submission, ids } = await submitSample(stage, narrator, "banking-phishing.misp.json");
  const my = await timesAt(stage.my, ids, since);
  const cn = await timesAt(stage.cn, ids, since);
  const { times: th, hooks } = await hooksAt(stage, ids, since);
  showDeliveries(narrator, my, cn, th);
  const [hook] = hooks;
  narrator.facts("TH's first", [
    `webhook-id: ${hook?.headers["webhook-id"]}`,
    `webhook-signature: ${hook?.headers["webhook-signature"]}`,
  ]);
  narrator.promise(
    "MY, CN and TH each received every object of it",
    ids.length > 0 && my.length >= ids.length && cn.length >= ids.length,
  );
  narrator.promise(
    "An address that is none was refused, with a reason, and held nothing else up",
    submission.counts.rejected === 1 && submission.counts.accepted >= 4,
  );
  narrator.promise(
    "Every webhook that TH received bears a good signature (Standard Webhooks)",
    hooks.length > 0 && hooks.every(stage.isGenuine),
  );
  const forged =
    hook !== undefined &&
    stage.isGenuine({ ...hook, body: `${hook.body.replace("203.0.113.24", "203.0.113.25")} ` });
  narrator.promise("The same webhook with an altered body does not pass", hook !== undefined && !forged);
  return [...my, ...cn, ...th];
}
