import { hooksAt, showDeliveries, type Timing, timesAt } from "../deliveries.ts";
import type { Narrator } from "../narrator.ts";
import { submitSample } from "../samples.ts";
import type { Stage } from "../stage.ts";

/** Plain text becomes an incident with what can be looked for. */
export async function tellIncidentReport(stage: Stage, narrator: Narrator): Promise<Timing[]> {
  narrator.chapter("An incident report, pasted as plain text");
  narrator.say(
    "With kind=incident the text becomes a STIX incident that keeps the whole narrative. The addresses, links, " +
      "hashes and mailboxes in it are found, refanged, and tied to it: each as an observable (what was seen), an " +
      "indicator (what to look for) and a relationship.",
  );
  const options = { tlp: "green", kind: "incident" } as const;
  const { since, ids } = await submitSample(stage, narrator, "hospital-ransomware.txt", options);
  const my = await timesAt(stage.my, ids, since);
  const cn = await timesAt(stage.cn, ids, since);
  const { times: th } = await hooksAt(stage, ids, since);
  const objects = stage.my.arrivals
    .filter(({ item }) => ids.includes(item.object.id))
    .map(({ item }) => item.object);
  const incident = objects.find(({ type }) => type === "incident");
  const patterns = objects.filter(({ type }) => type === "indicator").map(({ pattern }) => String(pattern));
  narrator.facts("incident", [String(incident?.name)]);
  narrator.facts("found in it", patterns);
  showDeliveries(narrator, my, cn, th);
  narrator.promise(
    "The incident keeps the narrative",
    String(incident?.description).includes("encrypted. The intruder"),
  );
  narrator.promise(
    "The defanged address and link were found",
    ["192.0.2.77", "https://updates.support-tool.example/agent.msi"].every((value) =>
      patterns.some((pattern) => pattern.includes(value)),
    ),
  );
  const ties = objects.filter(
    ({ type, source_ref, target_ref }) =>
      type === "relationship" && [source_ref, target_ref].includes(incident?.id),
  );
  narrator.promise(
    "Each of them is tied to the incident",
    patterns.length > 0 && ties.length >= patterns.length,
  );
  return [...my, ...cn, ...th];
}
