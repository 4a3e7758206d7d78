import { describe, expect, it } from "vitest";
import { type Caller, submitAndWait, until } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { startReceiver } from "../../support/receiver.ts";
import { openEventStream } from "../event-stream.ts";
import { indicatorOf } from "../indicator-of.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";
import { taxiiCaller } from "../taxii-caller.ts";

export function deliveryReceiptCases(scene: Scene): void {
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

    it("name entries that can be proved to the originator, too, where they went to others alone", async () => {
      const object = {
        ...indicatorOf(freshHost("receipts-copy")),
        description: "Seen by jane.roe@bank.example",
      };
      await submitAndWait(
        scene.as("PH"),
        "?tlp=amber&to=MY&format=stix",
        JSON.stringify(object),
        "application/json",
      );
      const { body } = await scene.as("PH").get(`/v1/objects/${object.id}/receipts`);
      const [copy] = body.items.filter((item: any) => item.object !== object.id);
      expect(receivers(copy)).toEqual(["MY"]);
      const path = `/v1/tlog/receipts/${copy.seq}`;
      const own = await until(30_000, "a checkpoint over it", async () => {
        const answer = await scene.as("PH").get(path);
        return answer.status === 200 ? answer.body : undefined;
      });
      expect(JSON.parse(own.groups.from.value)).toMatchObject({ id: object.id });
      expect(own.recipient).toBeUndefined();
      const theirs = await scene.as("MY").get(path);
      expect(theirs.body).toMatchObject({
        recipient: { organisation: "MY" },
        groups: { sent: own.groups.sent },
      });
      expect(theirs.body.groups.from.value).toBeUndefined();
      expect((await scene.as("TH").get(path)).body.code).toBe("not-found");
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
}

const receivers = ({ receivers: all }: any): string[] => all.map(({ organisation }: any) => organisation);

export function channelsOf(receipt: any): Record<string, string[]> {
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
