import { describe, expect, it } from "vitest";
import { submitAndWait, until } from "../../support/api.ts";
import { publish, redTo } from "../../support/sessions.ts";
import { inboxScene } from "../inbox-scene.ts";
import { freshHost, mentions, type Scene } from "../scene.ts";

const CSV = "text/csv";

export function inboxEndCases(scene: Scene): void {
  const { withKey, signIn, contact, personOf, send, itemOf, shape } = inboxScene(scene);

  describe("the end of TLP:RED", () => {
    it("is taken back by its sender: there is nothing left to read, and the reader sees that", async () => {
      const host = freshHost("back");
      const [first, second] = [await contact("MY"), await contact("PH")];
      const sender = await signIn("SG", await personOf(scene.as("SG")));
      const colleague = await contact("SG");
      const sent = await send(sender.api, [host], first.person, second.person);
      const item = await itemOf(first);
      await first.api.get(`/v1/inbox/${item.id}`);
      const path = `/v1/inbox/sent/${sent.body.id}`;
      for (const api of [colleague.api, first.api])
        expect(shape(await api.send("DELETE", path))).toEqual([404, "not-found"]);
      expect((await colleague.api.get("/v1/inbox/sent")).body.items).toEqual([]);
      const done = await sender.api.send("DELETE", path);
      expect(done.body, done.text).toMatchObject({ id: sent.body.id, withdrawnAt: expect.any(String) });
      for (const reader of [first, second]) {
        const { id } = await itemOf(reader);
        const { body } = await reader.api.get(`/v1/inbox/${id}`);
        expect(body).toMatchObject({ content: [], withdrawnAt: done.body.withdrawnAt });
      }
      expect(shape(await sender.api.send("DELETE", path))).toEqual([409, "already-withdrawn"]);
      // Said again after that, it is news.
      expect((await send(sender.api, [host], first.person)).body.counts).toMatchObject({ accepted: 1 });
    });

    it("asks each reader for a word about the withdrawal, which the sender sees", async () => {
      const [first, second] = [await contact("MY"), await contact("PH")];
      const sender = await signIn("SG", await personOf(scene.as("SG")));
      const colleague = await contact("MY");
      const sent = await send(sender.api, [freshHost("owed")], first.person, second.person);
      const { id } = await itemOf(first);
      const path = `/v1/inbox/${id}/acknowledgement`;
      const inState = async (state: string) =>
        (await first.api.get(`/v1/inbox?state=${state}`)).body.items.map((one: any) => one.id);
      const mine = async () => {
        const { items } = (await sender.api.get("/v1/inbox/sent")).body;
        const { to } = items.find((one: any) => one.id === sent.body.id);
        return Object.fromEntries(to.map((one: any) => [one.organisation, one]));
      };
      await send(sender.api, [freshHost("kept")], first.person);
      // Nobody took it back yet; a word about the letter is none about its end.
      expect(shape(await first.api.post(path, { withdrawal: true }))).toEqual([409, "conflict"]);
      const inHand = (await first.api.post(path)).body;
      expect(inHand).toMatchObject({ state: "acknowledged", withdrawalAcknowledgedAt: null });
      expect((await mine()).MY.withdrawalAcknowledgedAt).toBe(null);
      await sender.api.send("DELETE", `/v1/inbox/sent/${sent.body.id}`);

      expect(await inState("withdrawn")).toEqual([id]);
      expect(await inState("acknowledged")).toEqual([]);
      expect(shape(await first.api.post(path))).toEqual([409, "already-withdrawn"]);
      expect(shape(await colleague.api.post(path, { withdrawal: true }))).toEqual([404, "not-found"]);
      const { body } = await first.api.post(path, { withdrawal: true });
      expect(body).toMatchObject({
        state: "withdrawal-acknowledged",
        acknowledgedAt: inHand.acknowledgedAt,
        withdrawalAcknowledgedAt: expect.any(String),
      });
      expect(Date.parse(body.withdrawalAcknowledgedAt)).toBeGreaterThan(Date.parse(body.withdrawnAt));
      expect((await first.api.post(path, { withdrawal: true })).body).toEqual(body);
      expect(await inState("withdrawn")).toEqual([]);
      expect(await inState("withdrawal-acknowledged")).toEqual([id]);
      const { MY, PH } = await mine();
      expect(MY).toMatchObject({
        acknowledgedAt: inHand.acknowledgedAt,
        withdrawalAcknowledgedAt: body.withdrawalAcknowledgedAt,
      });
      expect(PH).toMatchObject({ acknowledgedAt: null, withdrawalAcknowledgedAt: null });
    });

    it("ends at its time: it is in no list then, opens to nobody, and may be said again", async () => {
      const to = await contact("MY");
      const host = freshHost("red-ends");
      const soon = (ms: number) => new Date(Date.now() + ms).toISOString();
      const end = soon(6_000);
      const table = `value\n${host}\n`;
      await submitAndWait(scene.as("TH"), `${redTo(to.person)}&expires=${end}`, table, CSV);
      const item = await itemOf(to);
      const opened = await to.api.get(`/v1/inbox/${item.id}`);
      expect(mentions(opened.body.content, host)).toBe(true);
      await until(20_000, "the end", async () => (Date.now() > Date.parse(end) + 50 ? true : undefined));
      expect((await to.api.get("/v1/inbox")).body).toEqual({ items: [] });
      expect(shape(await to.api.get(`/v1/inbox/${item.id}`))).toEqual([404, "not-found"]);
      expect(shape(await to.api.post(`/v1/inbox/${item.id}/acknowledgement`))).toEqual([404, "not-found"]);
      // Who had it may have kept it: taken back after its end, it asks for a word all the same.
      const over = await submitAndWait(
        scene.as("TH"),
        `${redTo(to.person)}&expires=${soon(8_000)}`,
        table,
        CSV,
      );
      const { id: overItem } = await itemOf(to);
      await until(20_000, "the next end", async () =>
        (await to.api.get("/v1/inbox")).body.items.length === 0 ? true : undefined,
      );
      const sender = await signIn("TH", await personOf(scene.as("TH")));
      expect((await sender.api.send("DELETE", `/v1/inbox/sent/${over.body.id}`)).status).toBe(200);
      expect(await itemOf(to)).toMatchObject({ id: overItem, state: "withdrawn" });
      expect((await to.api.get(`/v1/inbox/${overItem}`)).body.content).toEqual([]);
      const again = await submitAndWait(scene.as("TH"), redTo(to.person), table, CSV);
      expect(again.body.counts).toMatchObject({ accepted: 1 });
      expect(mentions((await to.api.get(`/v1/inbox/${(await itemOf(to)).id}`)).body.content, host)).toBe(
        true,
      );
    });

    it("is closed for good when its reader loses the inbox, also to a new one", async () => {
      const officer = scene.as("KH", "officer");
      const to = await contact("KH");
      const sender = await signIn("SG", await personOf(scene.as("SG")));
      const sent = await send(sender.api, [freshHost("closed")], to.person);
      const { id } = await itemOf(to);
      const refusal = async () => [
        (await to.api.get("/v1/inbox")).body.items,
        shape(await to.api.get(`/v1/inbox/${id}`)),
        shape(await to.api.post(`/v1/inbox/${id}/acknowledgement`)),
      ];
      const closed = [[], [404, "not-found"], [404, "not-found"]];
      expect((await officer.send("DELETE", `/v1/people/${to.person}/contact`)).status).toBe(204);
      expect(await refusal()).toEqual(closed);
      const mine = await sender.api.get("/v1/inbox/sent");
      expect(mine.body.items.find((one: any) => one.id === sent.body.id).to).toMatchObject([
        { open: false, title: null, reads: 0 },
      ]);
      const gone = await scene.as("SG").raw(`/v1/submissions${redTo(to.person)}`, "value\nx.example.net\n", {
        "content-type": CSV,
      });
      expect(shape(gone)).toEqual([422, "unknown-person"]);
      await publish(officer, to.person);
      expect(await refusal()).toEqual(closed);
      await send(sender.api, [freshHost("anew")], to.person);
      expect((await to.api.get("/v1/inbox")).body.items).toHaveLength(1);
      await officer.send("DELETE", `/v1/people/${to.person}`);
      await until(5_000, "the end of the session", async () =>
        (await to.api.get("/v1/inbox")).status === 401 ? true : undefined,
      );
    });

    it("lets an officer's session take back what a person sent who is gone, and no other's", async () => {
      const officer = scene.as("PH", "officer");
      const head = await signIn("PH", await personOf(officer));
      const [to, leaving] = [await contact("MY"), await contact("PH")];
      const sent = await send(leaving.api, [freshHost("leaving")], to.person);
      const path = `/v1/inbox/sent/${sent.body.id}`;
      expect(shape(await head.api.send("DELETE", path))).toEqual([404, "not-found"]);
      await officer.send("DELETE", `/v1/people/${leaving.person}`);
      expect((await head.api.get("/v1/inbox/sent")).body.items).toMatchObject([{ id: sent.body.id }]);
      expect((await head.api.send("DELETE", path)).status).toBe(200);
    });

    it("is an organisation's where a machine key sent it: any of its analysts may take it back", async () => {
      const to = await contact("MY");
      const officer = scene.as("BN", "officer");
      const key = await officer.post("/v1/keys", { roles: ["analyst"], label: "machine" });
      const analyst = await contact("BN");
      const sent = await send(withKey(key.body.key), [freshHost("machine")], to.person);
      expect((await analyst.api.get("/v1/inbox/sent")).body.items).toMatchObject([{ id: sent.body.id }]);
      expect((await analyst.api.send("DELETE", `/v1/inbox/sent/${sent.body.id}`)).status).toBe(200);
    });
  });
}
