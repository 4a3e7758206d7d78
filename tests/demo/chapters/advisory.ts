import { SuarError } from "@suar/client";
import { hooksAt, showDeliveries, type Timing, timesAt } from "../deliveries.ts";
import type { Narrator } from "../narrator.ts";
import type { Stage } from "../stage.ts";

/** An advisory needs two people. */
export async function tellAdvisory(stage: Stage, narrator: Narrator): Promise<Timing[]> {
  narrator.chapter("An advisory: one drafts, another publishes");
  narrator.say(
    "What is published in a CERT's name has been read by a second pair of eyes. The analyst drafts it, tries " +
      "to publish it alone, and is refused; the officer publishes it.",
  );
  const analyst = stage.as("SG", "analyst");
  const draft = await analyst.advisories.draft({
    title: "Look for the remote-support loader",
    body: "Block updates.support-tool.example and search for agent.msi. Change the tool's passwords.",
    severity: "high",
    tlp: "green",
    labels: ["sector:health"],
  });
  const refusal = await refusalOf(() => analyst.advisories.publish(draft.id));
  narrator.facts("refused", [refusal]);
  narrator.promise(
    "Whoever drafted an advisory cannot publish it",
    refusal.startsWith("second-person-needed"),
  );
  const since = Date.now();
  const published = await stage.as("SG", "officer").advisories.publish(draft.id);
  const ids = [published.stixId];
  const my = await timesAt(stage.my, ids, since);
  const cn = await timesAt(stage.cn, ids, since);
  const { times: th, hooks } = await hooksAt(stage, ids, since);
  showDeliveries(narrator, my, cn, th);
  narrator.promise(
    "Published by the officer, it reached MY and CN live and TH as advisory.published, signed",
    published.state === "published" &&
      hooks.every((hook) => hook.json.type === "advisory.published" && stage.isGenuine(hook)),
  );
  return [...my, ...cn, ...th];
}

async function refusalOf(attempt: () => Promise<unknown>): Promise<string> {
  try {
    await attempt();
    return "it was not refused";
  } catch (error) {
    if (!(error instanceof SuarError)) throw error;
    return `${error.code}: ${error.message}`;
  }
}
