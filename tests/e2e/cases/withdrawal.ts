import { describe, expect, it } from "vitest";
import { type Caller, until, wholeLog } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { startReceiver } from "../../support/receiver.ts";
import { openEventStream } from "../event-stream.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, reportHosts, type Scene } from "../scene.ts";

export function withdrawalCases(scene: Scene): void {
  describe("withdrawal", () => {
    it("reaches everyone who was sent the object, on every channel, and no channel serves the body again", async () => {
      const host = freshHost("withdrawn");
      const reader = scene.as("MY", "subscriber");
      const receiver = await startReceiver();
      const hook = await reader.post("/v1/webhooks", { url: receiver.url, filter: { values: [host] } });
      // A filter that the withdrawal does not match: it comes all the same.
      const live = await openLive(scene.url, scene.key("MY", "subscriber"), {
        after: "latest",
        filter: { values: [host] },
      });
      const stream = await openEventStream(scene.url, scene.key("MY", "subscriber"), {
        query: "?types=campaign",
      });
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MY", [host]);
      const { object, seq } = await itemWith(reader, host);
      await receiver.waitFor(1);

      const done = await scene
        .as("VN")
        .post(`/v1/objects/${object.id}/withdraw`, { reason: "a false positive" });
      expect(done).toMatchObject({ status: 200, body: { id: object.id, versions: 1 } });

      const isAboutIt = (item: any) => item?.kind === "withdrawn" && item.object.id === object.id;
      await live.waitFor("the withdrawal", () => live.events.some(isAboutIt));
      await stream.waitFor("the withdrawal", (events) => events.some(({ data }) => isAboutIt(data)));
      const posted = await until(20_000, "the webhook", async () =>
        receiver.received.find(({ json }) => isAboutIt(json.data)),
      );
      expect(posted.json.type).toBe("object.withdrawn");
      const { object: stub } = await itemWith(reader, object.id, "withdrawn");
      expect(Object.keys(stub).sort()).toEqual(["id", "modified", "type"]);
      expect(stub.modified).toBe(object.modified);
      for (const copy of [posted.json.data.object, live.events.find(isAboutIt).object])
        expect(copy).toEqual(stub);

      const log = await wholeLog(reader);
      expect(log.find((item) => item.seq === seq).object).toMatchObject({ type: "indicator", id: object.id });
      await expectForgotten(scene.as("VN"), object.id, host);
      await expectForgotten(reader, object.id, host);
      // Whoever comes later reads stubs only, from the ring and by replay as well as from the log.
      const late = await openLive(scene.url, scene.key("MY", "subscriber"), { after: 0 });
      await late.waitFor("caught-up", (messages) => messages.some(({ op }) => op === "caught-up"));
      expect(late.events.some((event) => event.seq === seq)).toBe(true);
      expect(mentions(late.events, host)).toBe(false);
      const sent = receiver.received.length;
      await reader.post(`/v1/webhooks/${hook.body.id}/replay`, { from: seq - 1 });
      await until(20_000, "the withdrawal again", async () =>
        receiver.received.slice(sent).some(({ json }) => isAboutIt(json.data)) ? true : undefined,
      );
      expect(receiver.received.slice(sent).some(({ body }) => body.includes(host))).toBe(false);

      await reader.send("DELETE", `/v1/webhooks/${hook.body.id}`);
      for (const open of [live, stream, late]) open.close();
      await receiver.close();
    });

    it("tells nothing to those who were never sent the object", async () => {
      const host = freshHost("withdrawn-unseen");
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MY", [host]);
      const { object } = await itemWith(scene.as("MY"), host);
      await scene.as("VN").post(`/v1/objects/${object.id}/withdraw`);
      await itemWith(scene.as("MY"), object.id, "withdrawn");
      expect(mentions(await wholeLog(scene.as("CN")), object.id)).toBe(false);
      expect((await scene.as("CN").get(`/v1/objects/${object.id}`)).status).toBe(404);
    });

    it("is the originator's alone, and once", async () => {
      const host = freshHost("withdrawn-once");
      await reportHosts(scene.as("VN"), "?tlp=green", [host]);
      const { object } = await itemWith(scene.as("MY"), host);
      const path = `/v1/objects/${object.id}/withdraw`;
      const foreign = await scene.as("MY").post(path);
      expect([foreign.status, foreign.body.code]).toEqual([404, "not-found"]);
      expect((await scene.as("VN").post(path)).status).toBe(200);
      const again = await scene.as("VN").post(path);
      expect([again.status, again.body.code]).toEqual([409, "already-withdrawn"]);
    });

    it("leaves what another member states about the same value", async () => {
      const host = freshHost("withdrawn-by-one");
      await reportHosts(scene.as("VN"), "?tlp=green", [host]);
      await reportHosts(scene.as("ID"), "?tlp=green", [host]);
      const reports = async () => (await scene.as("MY").get(`/v1/search?q=${host}`)).body.items as any[];
      await until(20_000, "both reports", async () => ((await reports()).length === 2 ? true : undefined));
      const own = (await reports()).find(({ producer }) => producer === "VN");
      await scene.as("VN").post(`/v1/objects/${own.object.id}/withdraw`);
      await itemWith(scene.as("MY"), own.object.id, "withdrawn");
      expect((await reports()).map(({ producer, alsoReportedBy }) => [producer, alsoReportedBy])).toEqual([
        ["ID", 0],
      ]);
    });
  });
}

async function expectForgotten(reader: Caller, id: string, text: string): Promise<void> {
  expect(await knowsNothingOf(reader, text)).toBe(true);
  const shown = await reader.get(`/v1/objects/${id}`);
  expect(shown.body.assertions.map(({ withdrawn }: any) => withdrawn)).toEqual([true]);
  expect(mentions(shown.body, text)).toBe(false);
}
