import { until } from "../../support/api.ts";
import type { Received } from "../../support/receiver.ts";
import { showDeliveries, type Timing } from "../deliveries.ts";
import type { Narrator } from "../narrator.ts";
import { startReader } from "../reader.ts";
import { submitSample } from "../samples.ts";
import type { Stage } from "../stage.ts";

/** A member says what it watches; Suar tells it when somebody reports just that. */
export async function tellAlert(stage: Stage, narrator: Narrator): Promise<Timing[]> {
  narrator.chapter("An alert: Thailand watches for what matters to it");
  narrator.say(
    "Thai hospitals use that remote-support tool. TH makes a rule on its domain (and all below it). " +
      "Then SG reports a second wave, in two lines of text.",
  );
  const th = stage.as("TH", "analyst");
  const desk = await startReader("TH", stage.as("TH", "subscriber"), { filter: { kinds: ["alert"] } });
  await th.alerts.createRule("The hospitals' remote-support tool", { values: ["support-tool.example"] });
  const { since } = await submitSample(stage, narrator, "second-wave.txt", { tlp: "green" });
  await desk.waitFor("an alert", (arrivals) => arrivals.length > 0);
  const raised = (): Received | undefined =>
    stage.th.received.find(({ json, at }) => at >= since && json.type === "alert.raised");
  const hook = await until(20_000, "alert.raised", async () => raised());
  const live = desk.arrivals[0];
  const alertId = String(live?.item.object.id);
  const times: Timing[] = [
    { id: alertId, who: "TH", how: "WebSocket", ms: (live?.at ?? since) - since },
    { id: alertId, who: "TH", how: "webhook", ms: hook.at - since },
  ];
  narrator.facts("alert", [
    String(live?.item.object.name ?? live?.item.object.content ?? live?.item.object.id),
  ]);
  showDeliveries(narrator, times.slice(0, 1), times.slice(1));
  narrator.promise(
    "The alert came live and as a signed webhook",
    live?.item.kind === "alert" && stage.isGenuine(hook),
  );
  const [alert] = await Array.fromAsync(th.alerts.list("raised"));
  const acknowledged = alert === undefined ? undefined : await th.alerts.acknowledge(alert.id);
  narrator.promise(
    "TH's analyst acknowledged it",
    acknowledged?.state === "acknowledged",
    `state ${acknowledged?.state}`,
  );
  await Promise.all([stage.my, stage.cn].map((reader) => reader.waitUntilPassed(live?.item.seq ?? 0)));
  const others = [...stage.my.arrivals, ...stage.cn.arrivals].filter(({ item }) => item.kind === "alert");
  narrator.promise(
    "MY and CN saw nothing of TH's alert: what a member watches for is its own business",
    others.length === 0,
  );
  await desk.stop();
  return times;
}
