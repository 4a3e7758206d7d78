import { describe, expect, it } from "vitest";
import { until, wholeLog } from "../../support/api.ts";
import { freshHost, itemWith, mentions, reportHosts, type Scene } from "../scene.ts";

export function readingCases(scene: Scene): void {
  describe("log and search", () => {
    it("numbers the log without a gap for whoever sees all of it, at times that strictly increase", async () => {
      const host = freshHost("order");
      await reportHosts(scene.as("SG"), "?tlp=green", [host, `b.${host}`, `c.${host}`]);
      await itemWith(scene.as("MY"), `c.${host}`);
      const items = await wholeLog(scene.as("MY"));
      for (const [index, item] of items.entries()) {
        expect(item.seq).toBeGreaterThan(items[index - 1]?.seq ?? 0);
        expect(item.at > (items[index - 1]?.at ?? "")).toBe(true);
        expect(item.cursor).toMatch(new RegExp(`^[a-z0-9]{8}\\.${item.seq}$`));
      }
    });

    it("goes on from a cursor, whichever page it came from", async () => {
      const host = freshHost("paged");
      await reportHosts(scene.as("SG"), "?tlp=green", [`a.${host}`, `b.${host}`, `c.${host}`]);
      await itemWith(scene.as("TH"), `c.${host}`);
      const whole = await wholeLog(scene.as("TH"));
      const byTwos: any[] = [];
      let after = "0";
      for (let page = await scene.as("TH").get(`/v1/log?after=${after}&limit=2`); ; ) {
        byTwos.push(...page.body.items);
        if (page.body.next === after) break;
        after = page.body.next;
        page = await scene.as("TH").get(`/v1/log?after=${after}&limit=2`);
      }
      expect(byTwos.map(({ seq }) => seq)).toEqual(whole.map(({ seq }) => seq));
      expect(byTwos).toEqual(whole);
    });

    it("filters by type and by watched values, and still moves the cursor on", async () => {
      const host = freshHost("filtered");
      await reportHosts(scene.as("SG"), "?tlp=green", [`deep.below.${host}`, freshHost("other")]);
      await itemWith(scene.as("MY"), host);
      const found = await wholeLog(scene.as("MY"), `&types=indicator&values=${host}`);
      expect(found).toHaveLength(1);
      expect(mentions(found[0].object, `deep.below.${host}`)).toBe(true);
      const none = await scene.as("MY").get("/v1/log?after=0&limit=1000&types=campaign");
      expect(none.body.items).toEqual([]);
      expect(Number(none.body.next.split(".")[1])).toBe(none.body.head);
    });

    it("long-polls: answers as soon as there is something, and empty-handed when there is not", async () => {
      const reader = scene.as("KH", "subscriber");
      const host = freshHost("polled");
      const { next } = (await reader.get("/v1/log?after=latest")).body;
      const waiting = reader.get(`/v1/log?after=${next}&wait=30&values=${host}`);
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      const released = Date.now();
      expect((await waiting).body.items).toHaveLength(1);
      expect(Date.now() - released, "long before its time is up").toBeLessThan(15_000);
      const empty = await reader.get("/v1/log?after=latest&wait=1");
      expect(empty.body.items).toEqual([]);
    });

    it("refuses a cursor of another epoch and what is no cursor", async () => {
      const foreign = await scene.as("MY").get("/v1/log?after=zzzzzzzz.1");
      const garbage = await scene.as("MY").get("/v1/log?after=yesterday");
      expect([foreign.status, foreign.body.code]).toEqual([410, "cursor-reset"]);
      expect([garbage.status, garbage.body.code]).toEqual([400, "bad-cursor"]);
    });

    it("finds a value however it is written, and counts the other members one may see", async () => {
      const host = freshHost("shared");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      await reportHosts(scene.as("TH"), "?tlp=green", [host]);
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MY", [host]);
      const search = async (member: string, query: string) =>
        (await scene.as(member).get(`/v1/search?q=${encodeURIComponent(query)}`)).body;
      const toMy = await until(20_000, "three reports", async () => {
        const found = await search("MY", host.toUpperCase().replaceAll(".", "[.]"));
        return found.items.length === 3 ? found : undefined;
      });
      expect(toMy.understood).toMatchObject({ kind: "domain", value: host });
      expect(toMy.items.map(({ producer }: any) => producer).sort()).toEqual(["SG", "TH", "VN"]);
      expect(toMy.items.map(({ alsoReportedBy }: any) => alsoReportedBy)).toEqual([2, 2, 2]);
      const toCn = await search("CN", host);
      expect(toCn.items.map(({ producer }: any) => producer).sort()).toEqual(["SG", "TH"]);
      expect(toCn.items.map(({ alsoReportedBy }: any) => alsoReportedBy)).toEqual([1, 1]);
    });

    it("shows an object to whom it was released, and to nobody else that it exists", async () => {
      const host = freshHost("addressed");
      await reportHosts(scene.as("VN"), "?tlp=amber%2Bstrict&to=MY", [host]);
      const { object } = await itemWith(scene.as("MY"), host);
      const shown = await scene.as("MY").get(`/v1/objects/${object.id}`);
      expect(shown.body).toMatchObject({
        id: object.id,
        assertions: [{ producer: "VN", tlp: "amber+strict" }],
      });
      const hidden = await scene.as("CN").get(`/v1/objects/${object.id}`);
      const invented = await scene.as("CN").get(`/v1/objects/indicator--${crypto.randomUUID()}`);
      expect([hidden.status, hidden.body.code]).toEqual([404, "not-found"]);
      expect({ ...hidden.body, requestId: "" }).toEqual({ ...invented.body, requestId: "" });
      const newest = await scene.as("MY").get("/v1/objects?type=indicator&producer=VN&limit=5");
      expect(mentions(newest.body.items[0], host)).toBe(true);
    });

    it("shows the operator no content at all", async () => {
      for (const path of [
        "/v1/log",
        "/v1/objects",
        "/v1/search?q=example",
        "/v1/submissions",
        "/v1/alerts",
      ]) {
        const answer = await scene.operator().get(path);
        expect([path, answer.status, answer.body.code]).toEqual([path, 403, "forbidden"]);
      }
    });
  });
}
