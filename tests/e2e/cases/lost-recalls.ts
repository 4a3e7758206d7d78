import { describe, expect, it } from "vitest";
import { until, wholeLog } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { startReceiver } from "../../support/receiver.ts";
import { openEventStream } from "../event-stream.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";

export function lostRecallCases(scene: Scene): void {
  describe("a recall of what somebody has no more", () => {
    it("comes to them by every channel, without a word of it, and to nobody who never had it", async () => {
      const host = freshHost("recall-lost");
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MY,TH", [host]);
      const { object } = await itemWith(scene.as("MY"), host);
      const path = `/v1/objects/${object.id}/marking`;
      const etag = (await scene.as("VN").get(path)).headers.get("etag") ?? "";
      const marked = await scene.as("VN").post(path, { to: ["TH"] }, { "if-match": etag });
      expect(marked.status, marked.text).toBe(200);
      const lost = await itemWith(scene.as("MY"), object.id, "withdrawn");

      const receiver = await startReceiver();
      const hook = await scene
        .as("MY")
        .post("/v1/webhooks", { url: receiver.url, filter: { values: ["nothing.example"] } });
      const live = await openLive(scene.url, scene.key("MY", "subscriber"), { after: "latest" });
      const stream = await openEventStream(scene.url, scene.key("MY", "subscriber"), {
        query: "?after=latest",
      });
      const stranger = await openLive(scene.url, scene.key("KH", "subscriber"), { after: "latest" });
      const order = { acknowledgeWithin: 60 };
      const { body } = await scene.as("VN").post(`/v1/objects/${object.id}/withdraw`, order);
      const stub = { type: object.type, id: object.id, modified: object.modified };
      await live.waitFor("the recall", () => live.events.some((event) => mentions(event, object.id)));
      await stream.waitFor("the recall", (events) => events.some(({ data }) => mentions(data, object.id)));
      const posted = await until(20_000, "the recall", async () =>
        receiver.received.find((one) => one.body.includes(object.id)),
      );
      const heard = stream.events.find(({ data }) => mentions(data, object.id))?.data;
      const pulled = await wholeLog(scene.as("MY"));
      for (const told of [live.events[0], heard, posted.json.data, pulled.at(-1)]) {
        expect(told).toMatchObject({ kind: "withdrawn", producer: "VN", object: stub });
        expect(told.seq).toBeGreaterThan(lost.seq);
      }
      expect(mentions([live.messages, stream.events, receiver.received, pulled], host)).toBe(false);
      expect(mentions(stranger.messages, object.id)).toBe(false);

      const { receivers } = (await scene.as("VN").get(`/v1/recalls/${body.recall}`)).body;
      expect(receivers.map(({ organisation }: any) => organisation)).toEqual(
        expect.arrayContaining(["MY", "TH"]),
      );
      expect((await scene.as("KH").get(`/v1/recalls/${body.recall}`)).status).toBe(404);
      const word = await scene.as("MY").post(`/v1/recalls/${body.recall}/acknowledgement`);
      expect(word.body).toMatchObject({ state: "acknowledged", objects: [object.id] });
      await scene.as("MY").send("DELETE", `/v1/webhooks/${hook.body.id}`);
      for (const open of [live, stream, stranger]) open.close();
      await receiver.close();
    });
  });
}
