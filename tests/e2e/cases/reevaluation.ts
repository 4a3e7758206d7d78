import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { type Member, PairPolicy, signPolicy } from "@suar/policy";
import { describe, expect, it } from "vitest";
import { type Caller, until, wholeLog } from "../../support/api.ts";
import { openLive } from "../../support/live.ts";
import { diffed } from "../../support/policy-change.ts";
import { startReceiver } from "../../support/receiver.ts";
import { openEventStream } from "../event-stream.ts";
import { freshHost, itemWith, knowsNothingOf, mentions, reportHosts, type Scene } from "../scene.ts";
import { taxiiCaller } from "../taxii-caller.ts";

const NOTICED_WITHIN_MS = 20_000; // 5 s on a machine of its own
const TAXII_OBJECTS = "/taxii2/live/collections/all/objects/";

/** What became of releases after something changed, as their readers meet it. */
export function reevaluationCases(scene: Scene): void {
  const told = async (reader: Caller, id: string): Promise<string[]> =>
    (await wholeLog(reader)).filter(({ object }) => object.id === id).map(({ kind }) => kind);
  const untilTold = async (reader: Caller, id: string, kinds: string[]) =>
    await until(NOTICED_WITHIN_MS, `${kinds.join()} of ${id}`, async () =>
      JSON.stringify(await told(reader, id)) === JSON.stringify(kinds) ? true : undefined,
    );

  describe("after a policy was signed", () => {
    it("whom it withholds from is told on every channel and finds it on none; a milder one opens it again", async () => {
      const host = freshHost("policy-changed");
      const receiver = await startReceiver();
      const reader = scene.as("LA", "subscriber");
      const filter = { values: [host] };
      const hook = await scene.as("LA").post("/v1/webhooks", { url: receiver.url, filter });
      const live = await openLive(scene.url, scene.key("LA", "subscriber"), { after: "latest" });
      const stream = await openEventStream(scene.url, scene.key("LA", "subscriber"), {
        query: "?after=latest",
      });
      await reportHosts(scene.as("VN"), "?tlp=green", [host]);
      const { object } = await itemWith(reader, host);
      await receiver.waitFor(1);
      const policies = await signersOf(scene, "VN", "LA", "TH");
      const { policy } = await policies.sign(({ allow }) => ({
        allow: allow.filter((name) => name !== "indicator.infrastructure"),
      }));
      // The answer to the last signature comes once it is closed.
      expect(await knowsNothingOf(reader, host)).toBe(true);
      const isLoss = (item: any) => item?.kind === "withdrawn" && item.object.id === object.id;
      await live.waitFor("the loss by WebSocket", () => live.events.some(isLoss), NOTICED_WITHIN_MS);
      await stream.waitFor("the loss by SSE", (all) => all.some(({ data }) => isLoss(data)));
      await until(NOTICED_WITHIN_MS, "the loss by webhook", async () =>
        receiver.received.some(({ json }) => json.type === "object.withdrawn" && mentions(json, object.id))
          ? true
          : undefined,
      );
      expect(await told(reader, object.id)).toEqual(["withdrawn"]);
      expect(await knowsNothingOf(reader, host)).toBe(true);
      const taxii = taxiiCaller(scene.url, scene.key("LA", "subscriber"));
      expect((await taxii.get(`${TAXII_OBJECTS}${object.id}/`)).body.objects).toMatchObject([
        { revoked: true },
      ]);
      expect(mentions((await taxii.all(TAXII_OBJECTS)).objects, host)).toBe(false);
      // Nobody else notices anything.
      expect(await told(scene.as("TH"), object.id)).toEqual(["released"]);
      expect(await told(scene.as("VN"), object.id)).toEqual(["released"]);

      await policies.sign(() => ({ allow: [...policy.allow, "indicator.infrastructure"] }));
      await untilTold(reader, object.id, ["released", "released"]);
      await receiver.waitFor(3);
      expect((await taxii.get(`${TAXII_OBJECTS}${object.id}/`)).status).toBe(200);
      await scene.as("LA").send("DELETE", `/v1/webhooks/${hook.body.id}`);
      for (const open of [live, stream]) open.close();
      await receiver.close();
    });
  });

  describe("after an agency was removed", () => {
    it("what it had is its no more, and its again when it comes back", async () => {
      const officer = scene.as("MM", "officer");
      const agency = { code: "reevaluated", name: "A waterworks", sector: "water" };
      expect((await officer.post("/v1/agencies", agency)).status).toBe(201);
      const host = freshHost("agency-removed");
      await reportHosts(scene.as("VN"), "?tlp=amber&to=MM,MM:reevaluated", [host]);
      const { object } = await itemWith(scene.as("MM"), host);
      const keyOf = async () => {
        const issued = await officer.post("/v1/keys", {
          ...{ label: "its feed", organisation: "MM:reevaluated", roles: ["subscriber"], days: 1 },
        });
        expect(issued.status, issued.text).toBe(201);
        return scene.withKey(issued.body.key);
      };
      await itemWith(await keyOf(), host);
      await officer.send("DELETE", "/v1/agencies/MM:reevaluated");
      // Its originator, who named it, is told.
      const lost = await until(6 * NOTICED_WITHIN_MS, "the loss", async () => {
        const { items } = (await scene.as("VN").get(`/v1/objects/${object.id}/receipts`)).body;
        const receivers = items.flatMap((item: any) => item.receivers);
        return receivers.find((one: any) => one.organisation === "MM:reevaluated" && one.takenAway !== null);
      });
      expect(lost.takenAway.why).toEqual(["removed"]);
      expect((await officer.post("/v1/agencies", agency)).status).toBe(201);
      const back = await keyOf();
      await untilTold(back, object.id, ["released", "released"]);
    });

    it("no channel hands it anything any more, not what waited for it either, nor when it comes back", async () => {
      const officer = scene.as("MM", "officer");
      const agency = { code: "unposted", name: "A dam", sector: "water" };
      expect((await officer.post("/v1/agencies", agency)).status).toBe(201);
      const host = freshHost("agency-unposted");
      const keyOf = async (): Promise<string> => {
        const about = { label: "its feed", organisation: "MM:unposted", roles: ["subscriber"], days: 1 };
        return (await officer.post("/v1/keys", about)).body.key;
      };
      const key = await keyOf();
      const receiver = await startReceiver();
      const hook = await scene
        .withKey(key)
        .post("/v1/webhooks", { url: receiver.url, filter: { values: [host] } });
      expect(hook.status, hook.text).toBe(201);
      const live = await openLive(scene.url, key, { after: "latest" });
      const stream = await openEventStream(scene.url, key, { query: "?after=latest" });
      receiver.answer(() => 500);
      await reportHosts(scene.as("VN"), "?tlp=green", [host]);
      await receiver.waitFor(1);
      expect((await officer.send("DELETE", "/v1/agencies/MM:unposted")).status).toBe(200);
      const posted = receiver.received.length;
      receiver.answer(() => 200);
      expect((await scene.withKey(key).get("/v1/log?after=0")).status).toBe(401);
      expect((await taxiiCaller(scene.url, key).get(TAXII_OBJECTS)).status).toBe(401);
      await live.closed;
      await stream.ended;
      expect((await officer.post("/v1/agencies", agency)).status).toBe(201);
      const back = scene.withKey(await keyOf());
      const { state, stateReason } = (await back.get(`/v1/webhooks/${hook.body.id}`)).body;
      expect({ state, stateReason }).toEqual({
        state: "disabled",
        stateReason: "the organisation was removed",
      });
      await itemWith(back, host);
      expect(receiver.received.length).toBe(posted);
      await back.send("DELETE", `/v1/webhooks/${hook.body.id}`);
      for (const open of [live, stream]) open.close();
      await receiver.close();
    });
  });

  describe("an originator's marking", () => {
    it("closes before it is answered, holds against what is stated again, and is its originator's alone", async () => {
      const host = freshHost("marked");
      const value = freshHost("not-marked");
      const live = await openLive(scene.url, scene.key("TH", "subscriber"), { after: "latest" });
      await reportHosts(scene.as("VN"), "?tlp=green", [host, value]);
      const { object } = await itemWith(scene.as("TH"), host);
      const path = `/v1/objects/${object.id}/marking`;
      const now = await scene.as("VN").get(path);
      expect(now.body).toMatchObject({ tlp: "green", pap: null, to: "community" });
      const etag = now.headers.get("etag") ?? "";
      const marks = async (by: Caller, change: object, tag = etag) =>
        await by.raw(path, JSON.stringify(change), { "content-type": "application/json", "if-match": tag });
      expect((await marks(scene.as("TH"), { tlp: "amber" })).body.code).toBe("not-found");
      expect((await scene.as("TH").get(path)).body.code).toBe("not-found");
      expect((await marks(scene.as("VN"), { tlp: "amber", to: ["LA"] }, '"another"')).body.code).toBe(
        "edited-meanwhile",
      );
      const done = await marks(scene.as("VN"), { tlp: "amber", to: ["LA"] });
      expect(done.status, done.text).toBe(200);
      expect(done.body).toMatchObject({ tlp: "amber", to: ["LA"], gained: 0 });
      expect(done.body.lost).toBeGreaterThanOrEqual(9);
      expect(mentions((await scene.as("TH").get(`/v1/objects/${object.id}`)).body, host)).toBe(false);
      expect((await scene.as("TH").get(`/v1/search?q=${host}`)).body.items).toEqual([]);
      await live.waitFor("the loss", () =>
        live.events.some((event) => event.kind === "withdrawn" && event.object.id === object.id),
      );
      await reportHosts(scene.as("VN"), "?tlp=green", [host]);
      await reportHosts(scene.as("VN"), "?tlp=amber&to=TH", [host]);
      expect(await knowsNothingOf(scene.as("TH"), host)).toBe(true);
      expect(mentions(await wholeLog(scene.as("TH")), value)).toBe(true);
      const again = await scene.as("VN").get(path);
      expect(again.body).toMatchObject({ tlp: "amber", to: ["LA"] });
      const wide = await marks(
        scene.as("VN"),
        { tlp: "green", to: "community" },
        again.headers.get("etag") ?? "",
      );
      expect(wide.body.gained).toBeGreaterThanOrEqual(9);
      await itemWith(scene.as("TH"), host);
      live.close();
    });
  });
}

type Signer = { id: string; member: Member; privateKey: KeyObject; publicKey: string };

/** Keys of both members of a pair, and what signs the next version of its policy with them. */
async function signersOf(scene: Scene, exporter: Member, importer: Member, friend: Member) {
  const officer = (member: string) => scene.as(member, "officer");
  const signer = async (member: Member): Promise<Signer> => {
    const { privateKey, publicKey: pair } = generateKeyPairSync("ed25519");
    const publicKey = Buffer.from(pair.export({ format: "jwk" }).x ?? "", "base64url").toString("base64");
    const { body } = await officer(member).post("/v1/policy-keys", { publicKey, label: "re-evaluation" });
    await officer(friend).post(`/v1/policy-keys/${body.id}/confirm`);
    return { id: body.id, member, privateKey, publicKey };
  };
  const signers = [await signer(exporter), await signer(importer)];
  const pair = `${exporter}-${importer}`;
  const sign = async (change: (policy: PairPolicy) => Partial<PairPolicy>) => {
    const {
      policy: last,
      version,
      hash: previous,
    } = (await officer(exporter).get(`/v1/policies/${pair}`)).body;
    const policy = PairPolicy.parse({ ...last, version: version + 1, previous, ...change(last) });
    const proposal = await officer(exporter).post(`/v1/policies/${pair}/proposals`, { policy });
    expect(proposal.status, proposal.text).toBe(201);
    await diffed(officer, proposal.body.id, policy);
    for (const { id: key, member, privateKey, publicKey } of signers) {
      const { signature } = signPolicy(policy, member, { privateKey, key: publicKey });
      const path = `/v1/policy-proposals/${proposal.body.id}/signatures`;
      const answer = await officer(member).post(path, { key, signature });
      expect(answer.status, answer.text).toBe(200);
    }
    return { policy };
  };
  return { sign };
}
