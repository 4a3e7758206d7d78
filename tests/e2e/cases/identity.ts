import { describe, expect, it } from "vitest";
import { type Caller, until } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { openEventStream } from "../event-stream.ts";
import { freshHost, itemWith, reportHosts, type Scene } from "../scene.ts";

const SOON_MS = 5_000;

export function identityCases(scene: Scene): void {
  /** Opens a WebSocket and an event stream, takes the right to them away, and tells how long both lived on. */
  const streamsEndAfter = async (
    key: string,
    takeAway: () => Promise<unknown>,
  ): Promise<{ ms: number; code: number }> => {
    const socket = await openLive(scene.url, key, { after: "latest" });
    const stream = await openEventStream(scene.url, key);
    await socket.waitFor("caught-up", (messages) => messages.some(({ op }) => op === "caught-up"));
    const begun = Date.now();
    await takeAway();
    const [{ code }] = await Promise.all([socket.closed, stream.ended]);
    return { ms: Date.now() - begun, code };
  };

  /** Every process hears of it within a moment; returns the code of the refusal. */
  // Each service hears of it by itself, within its five seconds.
  const refusedSoon = async (key: string, path = "/v1/whoami"): Promise<string> =>
    await until(SOON_MS, "the key to be refused", async () => {
      const { status, body } = await scene.withKey(key).get(path);
      return status === 401 ? body.code : undefined;
    });

  describe("identity", () => {
    it("tells a key who it is", async () => {
      const { body } = await scene.as("SG").get("/v1/whoami");
      expect(body).toMatchObject({ realm: "live", organisation: "SG", member: "SG", roles: ["analyst"] });
      const members = await scene.as("SG").get("/v1/members");
      expect(members.body.items).toHaveLength(12);
    });

    it("closes a revoked key's streams within five seconds, and answers it no more", async () => {
      const officer = scene.as("SG", "officer");
      const { body: issued } = await officer.post("/v1/keys", {
        roles: ["subscriber"],
        label: "short-lived",
      });
      const { ms, code } = await streamsEndAfter(issued.key, () =>
        officer.send("DELETE", `/v1/keys/${issued.id}`),
      );
      expect(ms).toBeLessThan(SOON_MS);
      expect(code).toBe(4401);
      expect(await refusedSoon(issued.key)).toBe("key-revoked");
      await expect(openLive(scene.url, issued.key)).rejects.toThrow("401");
    });

    it("ends a revoked key's long poll, and tells it nothing more", async () => {
      const officer = scene.as("SG", "officer");
      const { body: issued } = await officer.post("/v1/keys", { roles: ["subscriber"], label: "waiting" });
      const poll = scene.withKey(issued.key).get("/v1/log?after=latest&wait=20");
      await officer.send("DELETE", `/v1/keys/${issued.id}`);
      await refusedSoon(issued.key, "/v1/log?limit=1");
      await reportHosts(scene.as("SG"), "?tlp=green", [freshHost("after-revocation")]);
      const answer = await poll;
      expect([answer.status, answer.body.code]).toEqual([401, "key-revoked"]);
    });

    it("signs a person in by a link that works once", async () => {
      const officer = scene.as("SG", "officer");
      const person = await officer.post("/v1/people", { title: "Night shift", roles: ["analyst"] });
      expect(person.status).toBe(201);
      const link = await officer.post(`/v1/people/${person.body.id}/sign-in-link`);
      expect(link.status).toBe(201);
      expect(link.body.link).toContain(link.body.token);
      const nobody = scene.withKey(undefined);
      const session = await nobody.post("/v1/sign-in", { token: link.body.token });
      expect(session.status).toBe(201);
      const self = await scene.withKey(session.body.key).get("/v1/whoami");
      expect(self.body).toMatchObject({ organisation: "SG", personId: person.body.id, roles: ["analyst"] });
      const again = await nobody.post("/v1/sign-in", { token: link.body.token });
      expect([again.status, again.body.code]).toEqual([401, "unauthenticated"]);
      await officer.send("DELETE", `/v1/people/${person.body.id}`);
      await refusedSoon(session.body.key);
    });

    it("lets a person publish what another post of the member drafted, and takes two sessions by one's links for one", async () => {
      const officer = scene.as("BN", "officer");
      const session = async (title: string) => {
        const person = await officer.post("/v1/people", { title, roles: ["analyst", "officer"] });
        const link = await officer.post(`/v1/people/${person.body.id}/sign-in-link`);
        const signedIn = await scene.withKey(undefined).post("/v1/sign-in", { token: link.body.token });
        return scene.withKey(signedIn.body.key);
      };
      const [writer, editor] = [await session("Writer"), await session("Editor")];
      const title = `By two people ${freshHost("two")}`;
      const drafted = await writer.post("/v1/advisories", { title, body: "Text.", tlp: "green" });
      const publish = async (by: Caller) => await by.post(`/v1/advisories/${drafted.body.id}/publish`);
      const key = await editor.post("/v1/keys", { roles: ["analyst", "officer"], label: "of a session" });
      for (const by of [writer, editor, officer, scene.withKey(key.body.key)])
        expect((await publish(by)).body.code).toBe("second-person-needed");
      expect((await publish(scene.as("BN"))).status).toBe(200);
      await itemWith(scene.as("MY"), title, "advisory");
    });

    it("takes a key for a second person's once an officer of another member has confirmed that it is", async () => {
      const officer = scene.as("KH", "officer");
      const asked = { roles: ["officer", "analyst"], label: "deputy", secondPerson: true };
      const { body: issued } = await officer.post("/v1/keys", asked);
      expect(issued.waits).toBe(true);
      const deputy = scene.withKey(issued.key);
      const early = await deputy.get("/v1/whoami");
      expect([early.status, early.body.code]).toEqual([401, "key-waits"]);
      const confirm = async (by: Caller) => (await by.post(`/v1/keys/${issued.id}/confirm`)).status;
      expect(await confirm(officer)).toBe(404);
      expect(await confirm(scene.as("MY", "officer"))).toBe(200);
      const draft = { title: `Two ${freshHost("deputy")}`, body: "Text.", tlp: "green" };
      const drafted = await officer.post("/v1/advisories", draft);
      expect((await deputy.post(`/v1/advisories/${drafted.body.id}/publish`)).status).toBe(200);
    });

    it("closes a removed member's streams within five seconds; taken back, it needs new keys", async () => {
      const before = freshHost("before-removal");
      await reportHosts(scene.as("TL"), "?tlp=green", [before]);
      await itemWith(scene.as("MY"), before);
      const { ms, code } = await streamsEndAfter(scene.key("TL", "subscriber"), async () => {
        const removed = await scene.operator().send("DELETE", "/v1/members/TL");
        expect(removed.body).toMatchObject({ code: "TL", status: "removed" });
      });
      expect(ms).toBeLessThan(SOON_MS);
      expect(code).toBe(4401);
      await refusedSoon(scene.key("TL", "subscriber"));
      const toNobody = await scene
        .as("SG")
        .raw("/v1/submissions?tlp=amber&to=TL", "value\nx.example.net\n", { "content-type": "text/csv" });
      expect([toNobody.status, toNobody.body.code]).toEqual([422, "unknown-member"]);

      const restored = await scene.operator().post("/v1/members/TL/restore");
      expect(restored.body.status).toBe("active");
      expect((await scene.as("TL", "subscriber").get("/v1/log")).status).toBe(401);
      // The operator makes the first officer, and nothing else; the officer makes the rest.
      const first = { organisation: "TL", roles: ["officer"], label: "a new start" };
      const issue = async (more: object) => await scene.operator().post("/v1/keys", { ...first, ...more });
      expect((await issue({ roles: ["subscriber"] })).body.code).toBe("forbidden");
      expect((await issue({ roles: ["officer", "subscriber"] })).body.code).toBe("forbidden");
      const { body: officer } = await issue({});
      // Who takes officers away does not become one alone: another member has to say so.
      expect(officer.waits).toBe(true);
      const early = await scene.withKey(officer.key).get("/v1/whoami");
      expect([early.status, early.body.code]).toEqual([401, "key-waits"]);
      const confirm = `/v1/keys/${officer.id}/confirm`;
      expect((await scene.operator().post(confirm)).body.code).toBe("forbidden");
      expect((await scene.as("SG").post(confirm)).body.code).toBe("forbidden");
      const confirmed = await scene.as("SG", "officer").post(confirm);
      expect(confirmed.body, confirmed.text).toMatchObject({ organisation: "TL", waits: false });
      expect((await scene.as("SG", "officer").post(confirm)).body.code).toBe("not-found");
      const reader = await scene
        .withKey(officer.key)
        .post("/v1/keys", { roles: ["subscriber"], label: "the first reader" });
      await itemWith(scene.withKey(reader.body.key), before);
      expect((await issue({})).body.code).toBe("forbidden");
    });

    it("gives a restored member back what went with it: nothing removed before, no link, no session", async () => {
      const officer = scene.as("LA", "officer");
      const operator = scene.operator();
      const add = async (path: string, more: object) => (await officer.post(path, more)).body;
      const person = async (organisation: string) =>
        await add("/v1/people", { organisation, title: "Duty", roles: ["subscriber"] });
      const linkOf = async ({ id }: { id: string }, by = officer) =>
        (await by.post(`/v1/people/${id}/sign-in-link`)).body.token;
      const signIn = async (token: string) => await scene.withKey(undefined).post("/v1/sign-in", { token });
      for (const code of ["kept", "gone"]) await add("/v1/agencies", { code, name: code, sector: "energy" });
      const [kept, gone, left] = [await person("LA:kept"), await person("LA:gone"), await person("LA")];
      const contact = `/v1/people/${kept.id}/contact`;
      expect((await officer.send("PUT", contact, { title: "Duty" })).status).toBe(200);
      const links = [await linkOf(kept), await linkOf(gone), await linkOf(left)];
      const session = await signIn(await linkOf(kept));
      expect(session.status, session.text).toBe(201);
      await officer.send("DELETE", "/v1/agencies/LA:gone");
      await officer.send("DELETE", `/v1/people/${left.id}`);
      const early = await operator.post("/v1/members/LA/restore");
      expect([early.status, early.body.code]).toEqual([409, "conflict"]);

      // Removed twice is removed once: the second time takes nothing along.
      for (const _ of [1, 2])
        expect((await operator.send("DELETE", "/v1/members/LA")).body.status).toBe("removed");
      await refusedSoon(session.body.key);
      expect((await operator.post("/v1/members/LA/restore")).body.status).toBe("active");
      const again = await operator.post("/v1/members/LA/restore");
      expect([again.status, again.body.code]).toEqual([409, "conflict"]);

      for (const token of links) expect((await signIn(token)).body.code).toBe("unauthenticated");
      expect(await refusedSoon(session.body.key)).toBe("key-revoked");
      const first = { organisation: "LA", roles: ["officer"], label: "a new start" };
      const { body: issued } = await operator.post("/v1/keys", first);
      expect((await scene.as("SG", "officer").post(`/v1/keys/${issued.id}/confirm`)).status).toBe(200);
      const back = scene.withKey(issued.key);
      const agencies = await back.get("/v1/agencies");
      const states = agencies.body.items.map((one: any) => [one.code, one.status]);
      expect(states).toEqual([
        ["LA:gone", "removed"],
        ["LA:kept", "active"],
      ]);
      // Who comes back is no contact, and what lay in the inbox stays closed.
      const contacts = await back.get("/v1/contacts?limit=500");
      expect(contacts.body.items.some((one: any) => one.person === kept.id)).toBe(false);
      for (const { id } of [gone, left])
        expect((await back.post(`/v1/people/${id}/sign-in-link`)).body.code).toBe("not-found");
      expect((await signIn(await linkOf(kept, back))).status).toBe(201);
    });

    it("lets the operator make nobody who reads", async () => {
      const operator = scene.operator();
      const person = { organisation: "SG", title: "Nobody", roles: ["officer"] };
      const key = { roles: ["officer"], label: "none" };
      const people = await scene
        .as("SG", "officer")
        .post("/v1/people", { title: "Duty", roles: ["analyst"] });
      for (const [path, body] of [
        ["/v1/keys", { ...key, organisation: "SG" }],
        ["/v1/keys", { ...key, organisation: "SG:example-bank" }],
        ["/v1/people", person],
        [`/v1/people/${people.body.id}/sign-in-link`, undefined],
      ] as const) {
        const answer = await operator.post(path, body);
        expect([path, answer.status, answer.body.code]).toEqual([path, 403, "forbidden"]);
      }
    });

    it("takes a key for no second person beside the one who issued it", async () => {
      const officer = scene.as("MM", "officer");
      const issued = await officer.post("/v1/keys", { roles: ["analyst", "officer"], label: "own" });
      const own = scene.withKey(issued.body.key);
      const draft = { title: `Alone ${freshHost("alone")}`, body: "Text.", tlp: "green" };
      const again = await own.post("/v1/keys", { roles: ["analyst"], label: "own of own" });
      for (const [drafter, publisher] of [
        [officer, own],
        [own, officer],
        [officer, scene.withKey(again.body.key)],
      ] as const) {
        const drafted = await drafter.post("/v1/advisories", draft);
        const published = await publisher.post(`/v1/advisories/${drafted.body.id}/publish`);
        expect([published.status, published.body.code]).toEqual([409, "second-person-needed"]);
      }
      const drafted = await own.post("/v1/advisories", draft);
      expect((await scene.as("MM").post(`/v1/advisories/${drafted.body.id}/publish`)).status).toBe(200);
    });
  });
}
