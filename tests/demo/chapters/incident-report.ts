import { showDeliveries, type Timing, timesAt } from "../deliveries.ts";
import type { Narrator } from "../narrator.ts";
import { submitSample } from "../samples.ts";
import type { Stage } from "../stage.ts";

/** Plain text becomes an incident with what can be looked for; who was hit is told after an officer's leave alone. */
export async function tellIncidentReport(stage: Stage, narrator: Narrator): Promise<Timing[]> {
  narrator.chapter("An incident report, pasted as plain text");
  narrator.say(
    "With kind=incident the text becomes a STIX incident that keeps the whole narrative. The addresses, links, " +
      "hashes and mailboxes in it are found, refanged, and tied to it: each as an observable (what was seen), an " +
      "indicator (what to look for) and a relationship. It is for Malaysia, which gets what can be looked for at " +
      "once. The incident itself waits until Singapore's data officer agrees: so the policy of the pair has it.",
  );
  const options = { tlp: "amber", kind: "incident", to: "MY" } as const;
  const { since, ids, submission } = await submitSample(stage, narrator, "hospital-ransomware.txt", options);
  const indicators = ids.filter((id) => id.startsWith("indicator--"));
  const my = await timesAt(stage.my, indicators, since);
  const own = stage.as("SG", "analyst").objects;
  const objects = await Promise.all(
    ids.map(async (id) => (await own.get(id)).assertions.map(({ object }) => object)),
  ).then((all) => all.flat() as Record<string, unknown>[]);
  const incident = objects.find(({ type }) => type === "incident");
  const patterns = objects.filter(({ type }) => type === "indicator").map(({ pattern }) => String(pattern));
  narrator.facts("incident", [String(incident?.name)]);
  narrator.facts("found in it", patterns);
  const waiting: ReadonlySet<string> = new Set(submission.records.flatMap((record) => record.waiting ?? []));
  narrator.facts("waits for an officer", [...waiting]);
  showDeliveries(narrator, my);
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
  narrator.promise("Malaysia is told of the incident once an officer agrees", waiting.has("MY"));
  const told = [...stage.my.arrivals, ...stage.cn.arrivals].map(({ item }) => JSON.stringify(item));
  narrator.promise(
    "Nobody abroad has it before",
    !told.some((item) => item.includes(String(incident?.id))) &&
      !told.some((item) => item.includes("The intruder")),
  );
  return my;
}
