import { describe, expect, it } from "vitest";
import { type Caller, submitAndWait, until, wholeLog } from "../../support/api.ts";
import { startReceiver } from "../../support/receiver.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";
import { channelsOf } from "./delivery-receipts.ts";

export function recallCases(scene: Scene): void {
  describe("a recall", () => {
    it("waits for every receiver's word, and tells the originator whose it has", async () => {
      const host = freshHost("recall");
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MY,TH", [host]);
      const { object } = await itemWith(scene.as("MY"), host);
      const order = { reason: "a false positive", acknowledgeWithin: 60 };
      const done = await scene.as("VN").post(`/v1/objects/${object.id}/withdraw`, order);
      expect(done.status, done.text).toBe(200);
      const { recall, withdrawnAt } = done.body;
      const open = async (reader: Caller) =>
        (await reader.get("/v1/recalls?state=open&limit=500")).body.items.find(
          ({ id }: any) => id === recall,
        );
      const asked = await open(scene.as("MY", "subscriber"));
      expect(asked).toEqual({
        id: recall,
        producer: "VN",
        objects: [object.id],
        withdrawnAt,
        dueAt: new Date(Date.parse(withdrawnAt) + 3_600_000).toISOString(),
        state: "open",
        acknowledgedAt: null,
      });
      expect(await owing(scene.as("VN"), recall)).toEqual({ MY: "open", TH: "open" });

      const path = `/v1/recalls/${recall}/acknowledgement`;
      expect((await scene.as("MY", "subscriber").post(path)).status).toBe(403);
      const first = await scene.as("MY").post(path);
      expect(first).toMatchObject({ status: 200, body: { state: "acknowledged" } });
      const again = await scene.as("MY", "officer").post(path);
      expect(again.body).toEqual(first.body);
      expect(first.body.acknowledgedAt).toMatch(/Z$/);
      expect(await open(scene.as("MY"))).toBeUndefined();
      expect(await owing(scene.as("VN"), recall)).toEqual({ MY: "acknowledged", TH: "open" });
      expect((await scene.as("VN").get(`/v1/recalls/${recall}`)).body.state).toBe("open");
      await scene.as("TH").post(path);
      expect((await scene.as("VN").get(`/v1/recalls/${recall}`)).body.state).toBe("acknowledged");

      // The receipts of the withdrawal have the same words.
      const { body } = await scene.as("VN").get(`/v1/objects/${object.id}/receipts`);
      const withdrawal = body.items.find(({ kind }: any) => kind === "withdrawn");
      const word = withdrawal.receivers.find(({ organisation }: any) => organisation === "MY");
      expect(word.acknowledgedAt).toBe(first.body.acknowledgedAt);
    });

    it("is nothing to those who were never sent the object, nor to its originator to acknowledge", async () => {
      const host = freshHost("recall-unseen");
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MY", [host]);
      const { object } = await itemWith(scene.as("MY"), host);
      const { body } = await scene.as("VN").post(`/v1/objects/${object.id}/withdraw`);
      expect(mentions((await scene.as("CN").get("/v1/recalls?limit=500")).body, body.recall)).toBe(false);
      for (const answer of [
        await scene.as("CN").get(`/v1/recalls/${body.recall}`),
        await scene.as("CN").post(`/v1/recalls/${body.recall}/acknowledgement`),
      ])
        expect([answer.status, answer.body.code]).toEqual([404, "not-found"]);
      const own = await scene.as("VN").post(`/v1/recalls/${body.recall}/acknowledgement`);
      expect([own.status, own.body.code]).toEqual([409, "conflict"]);
      // Receivers are told of one another by nobody.
      const told = await scene.as("MY").get(`/v1/recalls/${body.recall}`);
      expect(told.body).not.toHaveProperty("receivers");
      expect(Date.parse(told.body.dueAt) - Date.parse(told.body.withdrawnAt)).toBe(24 * 3_600_000);
    });

    it("speaks to whoever has a redacted copy of that copy's id", async () => {
      const [secret, host] = [freshHost("recall-secret"), freshHost("recall-report")];
      const [named, shown] = [indicatorOf(secret), indicatorOf(host)] as any[];
      const post = async (query: string, object: unknown) =>
        await submitAndWait(
          scene.as("SG"),
          `${query}&format=stix`,
          JSON.stringify(object),
          "application/json",
        );
      await post("?tlp=amber&to=TH", named);
      await post("?tlp=green", shown);
      const report = {
        type: "report",
        spec_version: "2.1",
        id: named.id.replace("indicator", "report"),
        created: named.created,
        modified: named.modified,
        name: `about ${host}`,
        published: named.created,
        object_refs: [named.id, shown.id],
      };
      await post("?tlp=green", report);
      const whole = await itemWith(scene.as("TH"), `about ${host}`);
      const copy = await itemWith(scene.as("MY"), `about ${host}`);
      expect(whole.object.id).toBe(report.id);
      expect(copy.object.id).not.toBe(report.id);
      const { body } = await scene.as("SG").post(`/v1/objects/${report.id}/withdraw`);
      const objectsOf = async (member: string) =>
        (await scene.as(member).get(`/v1/recalls/${body.recall}`)).body.objects;
      expect(await objectsOf("MY")).toEqual([copy.object.id]);
      expect(await objectsOf("TH")).toEqual([report.id]);
      expect(await objectsOf("SG")).toEqual([report.id]);
    });

    it("overtakes webhooks that wait: they bring the withdrawal, and nothing is receipted but that", async () => {
      const host = freshHost("recall-queued");
      const receiver = await startReceiver();
      receiver.answer(() => 500);
      const reader = scene.as("BN");
      const hook = await reader.post("/v1/webhooks", { url: receiver.url, filter: {} });
      await reportHosts(scene.as("VN"), "?tlp=amber&to=BN", [host]);
      await until(20_000, "a failed post of it", async () =>
        receiver.received.find(({ body }) => body.includes(host)),
      );
      const own = await itemWith(scene.as("VN"), host);
      const withdrawn = await scene.as("VN").post(`/v1/objects/${own.object.id}/withdraw`);
      expect(withdrawn.status, withdrawn.text).toBe(200);
      await itemWith(scene.as("VN"), own.object.id, "withdrawn");
      const failed = receiver.received.length;
      receiver.answer(() => 200);
      await reader.post(`/v1/webhooks/${hook.body.id}/resume`);
      const sent = () => receiver.received.slice(failed).filter(({ body }) => body.includes(own.object.id));
      await until(60_000, "both entries", async () =>
        new Set(sent().map(({ json }) => json.data.seq)).size === 2 ? true : undefined,
      );
      expect(sent().every(({ json }) => json.type === "object.withdrawn")).toBe(true);
      expect(sent().some(({ body }) => body.includes(host))).toBe(false);
      const told = await until(20_000, "the receipt of the withdrawal", async () => {
        const { body } = await scene.as("VN").get(`/v1/objects/${own.object.id}/receipts`);
        return channelsOf(body.items[0]).BN?.includes("webhook") ? body.items : undefined;
      });
      expect(told.map((one: any) => [one.kind, channelsOf(one).BN])).toEqual([
        ["withdrawn", ["webhook"]],
        ["released", []],
      ]);
      await reader.send("DELETE", `/v1/webhooks/${hook.body.id}`);
      await receiver.close();
    });

    it("counts what was handed over before it, and not the withdrawal that stands there since", async () => {
      const host = freshHost("recall-late");
      await reportHosts(scene.as("VN"), "?tlp=amber&to=LA", [host]);
      const own = await itemWith(scene.as("VN"), host);
      await scene.as("VN").post(`/v1/objects/${own.object.id}/withdraw`);
      // The older place tells of the withdrawal at once, the withdrawal's own as soon as it is logged.
      await until(20_000, "the withdrawal", async () => {
        const log = await wholeLog(scene.as("LA"));
        return log.filter(({ object }) => object.id === own.object.id).length === 2 ? true : undefined;
      });
      const told = await until(20_000, "the receipt of the withdrawal", async () => {
        const { body } = await scene.as("VN").get(`/v1/objects/${own.object.id}/receipts`);
        const [withdrawal] = body.items;
        return withdrawal.receivers[0].delivered.length > 0 ? body.items : undefined;
      });
      expect(told.map(({ kind, receivers: all }: any) => [kind, all[0].delivered.length])).toEqual([
        ["withdrawn", 1],
        ["released", 0],
      ]);
    });
  });
}

async function owing(by: Caller, recall: string): Promise<Record<string, string>> {
  const { body } = await by.get(`/v1/recalls/${recall}`);
  const all = body.receivers.map(({ organisation, state }: any) => [organisation, state]);
  return Object.fromEntries(all.filter(([code]: [string]) => !code.includes(":")));
}
