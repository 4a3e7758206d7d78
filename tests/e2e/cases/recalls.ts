import { describe, expect, it } from "vitest";
import { type Caller, submitAndWait, until, wholeLog } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { startReceiver } from "../../support/receiver.ts";
import { openEventStream } from "../event-stream.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";
import { taxiiCaller } from "../taxii-caller.ts";

export function recallCases(scene: Scene): void {
  describe("delivery receipts", () => {
    it("tell the originator by which channels each member was handed a release, and when", async () => {
      const host = freshHost("receipts");
      const receiver = await startReceiver();
      const hook = await scene
        .as("MY")
        .post("/v1/webhooks", { url: receiver.url, filter: { values: [host] } });
      const live = await openLive(scene.url, scene.key("TH", "subscriber"), { after: "latest" });
      const stream = await openEventStream(scene.url, scene.key("ID", "subscriber"), {
        query: "?after=latest",
      });
      const before = Math.floor(Date.now() / 1_000) * 1_000;
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MY,TH,ID,KH,LA,BN", [host]);
      await receiver.waitFor(1);
      await live.waitFor("the release", () => live.events.some((event) => mentions(event, host)));
      await stream.waitFor("the release", (events) => events.some(({ data }) => mentions(data, host)));
      const { object, seq } = await itemWith(scene.as("KH", "subscriber"), host);
      await scene.as("LA").get(`/v1/search?q=${host}`);
      await scene.as("LA").get(`/v1/objects/${object.id}`);
      await taxiiCaller(scene.url, scene.key("LA", "subscriber")).get(
        `/taxii2/live/collections/all/objects/${object.id}/`,
      );
      const told = {
        BN: [],
        ID: ["sse"],
        KH: ["pull"],
        LA: ["object", "search", "taxii"],
        MY: ["webhook"],
        TH: ["websocket"],
      };
      const receipt = await receiptWhen(scene.as("VN"), object.id, seq, (all) => {
        return JSON.stringify(channelsOf(all)) === JSON.stringify(told);
      });
      expect(receipt).toMatchObject({ seq, kind: "released", object: object.id });
      expect(Date.parse(receipt.version)).toBe(Date.parse(object.modified));
      const times = receipt.receivers.flatMap(({ delivered }: any) => delivered);
      for (const { first, last } of times) {
        expect(Date.parse(first)).toBeGreaterThanOrEqual(before);
        expect(Date.parse(last)).toBeGreaterThanOrEqual(Date.parse(first));
        expect(Date.parse(last)).toBeLessThanOrEqual(Date.now());
      }
      // A receiver's own word is its endpoint's 2xx: frames and pages say nothing about what became of them.
      const words = receipt.receivers.filter(({ acknowledgedAt }: any) => acknowledgedAt !== null);
      expect(words.map(({ organisation }: any) => organisation)).toEqual(["MY"]);
      await scene.as("MY").send("DELETE", `/v1/webhooks/${hook.body.id}`);
      for (const open of [live, stream]) open.close();
      await receiver.close();
    });

    it("are the originator's alone, and of its own statements alone", async () => {
      const object = indicatorOf(freshHost("receipts-two"));
      const body = JSON.stringify(object);
      await submitAndWait(scene.as("PH"), "?tlp=amber&to=MY&format=stix", body, "application/json");
      await submitAndWait(scene.as("KH"), "?tlp=amber&to=TH&format=stix", body, "application/json");
      const path = `/v1/objects/${object.id}/receipts`;
      const ph = await scene.as("PH").get(path);
      const kh = await scene.as("KH").get(path);
      expect(ph.body.items.map(receivers)).toEqual([["MY"]]);
      expect(kh.body.items.map(receivers)).toEqual([["TH"]]);
      const shape = ({ status, body }: any) => ({ status, ...body, requestId: undefined });
      const nothing = shape(
        await scene.as("TH").get("/v1/objects/indicator--00000000-0000-4000-8000-000000000000/receipts"),
      );
      expect(nothing).toMatchObject({ status: 404, code: "not-found" });
      expect(shape(await scene.as("TH").get(path))).toEqual(nothing);
      expect(shape(await scene.as("CN").get(path))).toEqual(nothing);
      expect((await scene.as("PH", "subscriber").get(path)).status).toBe(403);
      expect((await scene.operator().get(path)).status).toBe(403);
    });

    it("tell of a member's agencies as of the member, and of the own member's by their codes", async () => {
      const host = freshHost("receipts-agencies");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      const { object, seq } = await itemWith(scene.as("MY"), host);
      const { body } = await scene.as("SG").get(`/v1/objects/${object.id}/receipts`);
      const { receivers: all } = body.items.find((one: any) => one.seq === seq);
      const codes = all.map(({ organisation }: any) => organisation);
      expect(codes.filter((code: string) => code === "MY")).toHaveLength(1);
      expect(codes.filter((code: string) => code.includes(":")).sort()).toEqual([
        "SG:example-bank",
        "SG:example-power",
      ]);
      expect(codes).not.toContain("SG");
    });

    it("page through many versions, newest first", async () => {
      const object = { ...indicatorOf(freshHost("receipts-paged")) } as any;
      for (const n of [1, 2, 3]) {
        const version = { ...object, modified: `2026-05-0${n}T00:00:00.000Z` };
        const text = JSON.stringify(version);
        await submitAndWait(scene.as("PH"), "?tlp=amber&to=MY&format=stix", text, "application/json");
      }
      const path = `/v1/objects/${object.id}/receipts?limit=2`;
      const first = await scene.as("PH").get(path);
      const second = await scene.as("PH").get(`${path}&after=${first.body.next}`);
      const versions = [...first.body.items, ...second.body.items].map(({ version }: any) => version);
      expect(versions.map((version: string) => version.slice(0, 10))).toEqual([
        "2026-05-03",
        "2026-05-02",
        "2026-05-01",
      ]);
      expect(second.body.next).toBeUndefined();
    });
  });

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

const receivers = ({ receivers: all }: any): string[] => all.map(({ organisation }: any) => organisation);

function channelsOf(receipt: any): Record<string, string[]> {
  const told = receipt.receivers.map(({ organisation, delivered }: any) => [
    organisation,
    delivered.map(({ channel }: any) => channel).sort(),
  ]);
  return Object.fromEntries(told.filter(([code]: [string]) => !code.includes(":")));
}

/** The receipt of one entry, once it tells what is waited for: what was handed over is written a second later. */
async function receiptWhen(
  by: Caller,
  id: string,
  seq: number,
  isTold: (receipt: any) => boolean,
): Promise<any> {
  let last: any;
  return await until(20_000, "the receipt", async () => {
    const { body } = await by.get(`/v1/objects/${id}/receipts`);
    last = body.items.find((one: any) => one.seq === seq);
    return isTold(last) ? last : undefined;
  }).catch((error: unknown) => {
    throw new Error(JSON.stringify(last), { cause: error });
  });
}

async function owing(by: Caller, recall: string): Promise<Record<string, string>> {
  const { body } = await by.get(`/v1/recalls/${recall}`);
  const all = body.receivers.map(({ organisation, state }: any) => [organisation, state]);
  return Object.fromEntries(all.filter(([code]: [string]) => !code.includes(":")));
}
