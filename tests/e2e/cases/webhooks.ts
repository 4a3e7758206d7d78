import { Webhook } from "standardwebhooks";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Caller, until } from "../../support/api.ts";
import { type Received, type Receiver, startReceiver } from "../../support/receiver.ts";
import { freshHost, mentions, reportHosts, type Scene } from "../scene.ts";

export function webhookCases(scene: Scene): void {
  describe("webhooks", () => {
    let receiver: Receiver;
    const made: { owner: Caller; id: string }[] = [];
    beforeEach(async () => {
      receiver = await startReceiver();
    });
    afterEach(async () => {
      for (const { owner, id } of made.splice(0)) await owner.send("DELETE", `/v1/webhooks/${id}`);
      await receiver.close();
    });

    const create = async (owner: Caller, more: object = {}): Promise<any> => {
      const { status, body, text } = await owner.post("/v1/webhooks", { url: receiver.url, ...more });
      if (status !== 201) throw new Error(text);
      made.push({ owner, id: body.id });
      return body;
    };
    const received = async (text: string): Promise<Received> =>
      await until(20_000, `a webhook with ${text}`, async () =>
        receiver.received.find(({ body }) => body.includes(text)),
      );

    it("posts what is released, signed after Standard Webhooks, and not what is not for the member", async () => {
      const { secret } = await create(scene.as("TH", "subscriber"));
      const [hidden, shown] = [freshHost("hook-hidden"), freshHost("hook")];
      await reportHosts(scene.as("SG"), "?tlp=amber&to=MY", [hidden]);
      await reportHosts(scene.as("SG"), "?tlp=amber&to=MY,TH", [shown]);
      const { body, headers } = await received(shown);
      expect(() => new Webhook(secret).verify(body, headers as Record<string, string>)).not.toThrow();
      expect(() => new Webhook(secret).verify(`${body} `, headers as Record<string, string>)).toThrow();
      const message = JSON.parse(body);
      expect(message).toMatchObject({
        type: "object.released",
        data: { producer: "SG", tlp: "amber", kind: "released" },
      });
      expect(Object.keys(message).sort()).toEqual(["data", "timestamp", "type"]);
      const pulled = await scene.as("TH").get(`/v1/log?after=latest`);
      expect(message.data.seq).toBeLessThanOrEqual(pulled.body.head);
      expect(receiver.received.some((one) => one.body.includes(hidden))).toBe(false);
    });

    it("sends a test event and tells how it went", async () => {
      const owner = scene.as("TH", "subscriber");
      const { id, secret } = await create(owner);
      const attempt = await owner.post(`/v1/webhooks/${id}/test`);
      expect(attempt.body).toMatchObject({ type: "test", outcome: "delivered", status: 200, seq: null });
      const { body, headers, json } = receiver.received[0] as Received;
      expect(json.type).toBe("test");
      new Webhook(secret).verify(body, headers as Record<string, string>);
    });

    it("tries again under the same id after a failure, and shows every attempt", async () => {
      const owner = scene.as("TH", "subscriber");
      const { id } = await create(owner);
      const host = freshHost("hook-retried");
      let failures = 1;
      receiver.answer(({ body }) => (body.includes(host) && failures-- > 0 ? 500 : 200));
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      const about = () => receiver.received.filter(({ body }) => body.includes(host));
      await until(25_000, "a second try", async () => (about().length >= 2 ? true : undefined));
      expect(new Set(about().map(({ headers }) => headers["webhook-id"])).size).toBe(1);
      expect(new Set(about().map(({ headers }) => headers["webhook-signature"])).size).toBe(2);
      const attempts = await until(20_000, "both attempts", async () => {
        const { body } = await owner.get(`/v1/webhooks/${id}/attempts`);
        return body.items.length >= 2 ? body.items : undefined;
      });
      expect(attempts.map(({ number, outcome, status }: any) => [number, outcome, status])).toEqual([
        [2, "delivered", 200],
        [1, "retrying", 500],
      ]);
    });

    it("shows that an endpoint rests, until when and why, and ends the rest after a test that went well", {
      timeout: 150_000,
    }, async () => {
      const owner = scene.as("TH", "subscriber");
      const { id } = await create(owner);
      const shown = async () => (await owner.get(`/v1/webhooks/${id}`)).body;
      expect(await shown()).toMatchObject({ restingUntil: null, lastProblem: null });
      receiver.answer(() => 500);
      const hosts = Array.from({ length: 20 }, () => freshHost("hook-rested"));
      await reportHosts(scene.as("SG"), "?tlp=green", hosts);
      // So long that it does not end by itself while we look.
      const resting = await until(90_000, "a rest of minutes", async () => {
        const webhook = await shown();
        return Date.parse(webhook.restingUntil ?? 0) > Date.now() + 60_000 ? webhook : undefined;
      });
      expect(resting).toMatchObject({ state: "active", lastProblem: "answered 500" });
      expect(resting.pending).toBeGreaterThanOrEqual(hosts.length);
      const listed = (await owner.get("/v1/webhooks")).body.items.find((one: any) => one.id === id);
      expect(listed).toEqual(resting);
      const { items } = (await owner.get(`/v1/webhooks/${id}/attempts`)).body;
      const last = [...new Map([...items].reverse().map((one: any) => [one.seq, one])).values()];
      expect(last.length).toBeGreaterThanOrEqual(10);
      for (const { nextAt } of last)
        expect(Date.parse(nextAt)).toBeGreaterThanOrEqual(Date.parse(resting.restingUntil));

      expect((await owner.post(`/v1/webhooks/${id}/test`)).body.outcome).toBe("exhausted");
      expect((await shown()).restingUntil).toBe(resting.restingUntil);
      receiver.answer(() => 200);
      expect((await owner.post(`/v1/webhooks/${id}/test`)).body.outcome).toBe("delivered");
      for (const host of hosts) await received(host);
      const after = await until(30_000, "all that waited", async () => {
        const webhook = await shown();
        return webhook.pending === 0 ? webhook : undefined;
      });
      expect(after).toMatchObject({ state: "active", restingUntil: null, lastProblem: null });
    });

    it("freezes the cursor while paused and loses nothing", async () => {
      const owner = scene.as("TH", "subscriber");
      const { id } = await create(owner);
      const paused = await owner.post(`/v1/webhooks/${id}/pause`);
      expect(paused.body.state).toBe("paused");
      const hosts = [freshHost("hook-paused"), freshHost("hook-paused")];
      for (const host of hosts) await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      await until(20_000, "the log to have it", async () => {
        const found = await scene.as("TH").get(`/v1/search?q=${hosts[1]}`);
        return found.body.items.length > 0 ? true : undefined;
      });
      expect(receiver.received).toEqual([]);
      expect((await owner.get(`/v1/webhooks/${id}`)).body.cursor).toBe(paused.body.cursor);
      await owner.post(`/v1/webhooks/${id}/resume`);
      for (const host of hosts) await received(host);
    });

    it("signs with both secrets while one takes over from the other", async () => {
      const owner = scene.as("TH", "subscriber");
      const { id, secret: old } = await create(owner);
      const { body: rotated } = await owner.post(`/v1/webhooks/${id}/rotate-secret`);
      expect(rotated.secret).toMatch(/^whsec_/);
      expect(rotated.secret).not.toBe(old);
      const host = freshHost("hook-rotated");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      const { body, headers } = await received(host);
      for (const secret of [old, rotated.secret])
        new Webhook(secret).verify(body, headers as Record<string, string>);
      expect(mentions((await owner.get("/v1/webhooks")).body, "whsec_")).toBe(false);
    });

    it("replays from a seq under the same ids", async () => {
      const owner = scene.as("TH", "subscriber");
      const { id } = await create(owner);
      const host = freshHost("hook-replayed");
      await reportHosts(scene.as("SG"), "?tlp=green", [host]);
      const first = await received(host);
      await owner.post(`/v1/webhooks/${id}/replay`, { from: first.json.data.seq - 1 });
      const about = () => receiver.received.filter(({ body }) => body.includes(host));
      await until(20_000, "it again", async () => (about().length >= 2 ? true : undefined));
      expect(new Set(about().map(({ headers }) => headers["webhook-id"])).size).toBe(1);
      expect(about()[1]?.json).toEqual(first.json);
    });

    it("posts only what the endpoint's filter lets through", async () => {
      const host = freshHost("hook-filtered");
      await create(scene.as("TH", "subscriber"), { filter: { values: [host] } });
      const other = freshHost("hook-other");
      await reportHosts(scene.as("SG"), "?tlp=green", [other, host]);
      await received(host);
      expect(receiver.received.some(({ body }) => body.includes(other))).toBe(false);
    });

    it("refuses addresses inside of networks, in whatever spelling", async () => {
      const owner = scene.as("TH", "subscriber");
      for (const url of [
        "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:10.0.0.1]/",
        "http://0xa000001/",
        "http://[fd00::1]/",
      ]) {
        const { status, body } = await owner.post("/v1/webhooks", { url });
        expect([url, status, body.code]).toEqual([url, 422, "address-refused"]);
      }
    });

    it("keeps a member's webhooks from every other member", async () => {
      const { id } = await create(scene.as("TH", "subscriber"));
      for (const path of ["", "/attempts"]) {
        expect((await scene.as("MY", "subscriber").get(`/v1/webhooks/${id}${path}`)).status).toBe(404);
      }
      expect(mentions((await scene.as("MY", "subscriber").get("/v1/webhooks")).body, id)).toBe(false);
    });
  });
}
