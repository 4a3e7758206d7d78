import { describe, expect, it } from "vitest";
import { type Caller, until } from "../../support/api.ts";
import { startReceiver } from "../../support/receiver.ts";
import { freshHost, itemWith, knowsNothingOf, reportHosts, type Scene } from "../scene.ts";

export function agencyCases(scene: Scene): void {
  const agencyKey = async (member: string, organisation: string, roles: string[]): Promise<Caller> => {
    const issued = await scene
      .as(member, "officer")
      .post("/v1/keys", { organisation, roles, label: "its own feed", days: 1 });
    if (issued.status !== 201) throw new Error(issued.text);
    return scene.withKey(issued.body.key);
  };

  describe("agencies", () => {
    it("get AMBER for their member, and AMBER+STRICT not", async () => {
      const port = await agencyKey("MY", "MY:example-port", ["subscriber"]);
      const bank = await agencyKey("CN", "CN:example-bank", ["subscriber"]);
      const [amber, strict, later] = [freshHost("amber"), freshHost("strict"), freshHost("amber-later")];
      await reportHosts(scene.as("SG"), "?tlp=amber&to=MY", [amber]);
      await reportHosts(scene.as("SG"), "?tlp=amber%2Bstrict&to=MY", [strict]);
      await reportHosts(scene.as("SG"), "?tlp=amber&to=MY", [later]);
      await itemWith(scene.as("MY"), strict);
      expect(await itemWith(port, amber)).toMatchObject({ tlp: "amber", producer: "SG" });
      await itemWith(port, later);
      expect(await knowsNothingOf(port, strict)).toBe(true);
      for (const host of [amber, strict, later]) expect(await knowsNothingOf(bank, host)).toBe(true);
    });

    it("get by name what no other agency of their member gets", async () => {
      const port = await agencyKey("MY", "MY:example-port", ["subscriber"]);
      const ministry = await agencyKey("MY", "MY:example-ministry", ["subscriber"]);
      const host = freshHost("port-only");
      await reportHosts(scene.as("SG"), "?tlp=amber%2Bstrict&to=MY:example-port", [host]);
      await itemWith(port, host);
      expect(await knowsNothingOf(ministry, host)).toBe(true);
      expect(await knowsNothingOf(scene.as("MY"), host)).toBe(true);
    });

    it("are made by their member's officer, with keys, submissions and webhooks of their own", async () => {
      const code = `harbour-${Date.now() % 100_000}`;
      const officer = scene.as("TH", "officer");
      const made = await officer.post("/v1/agencies", { code, name: "A harbour", sector: "transportation" });
      expect(made).toMatchObject({ status: 201, body: { code: `TH:${code}`, kind: "agency", member: "TH" } });
      expect(
        (await officer.post("/v1/agencies", { code, name: "Twice", sector: "transportation" })).body.code,
      ).toBe("conflict");
      expect(
        (await scene.as("TH").post("/v1/agencies", { code: "none", name: "-", sector: "-" })).status,
      ).toBe(403);
      const foreign = await officer.post("/v1/keys", {
        organisation: "MY:example-port",
        roles: ["subscriber"],
        label: "not ours",
      });
      expect([foreign.status, foreign.body.code]).toEqual([422, "unknown-member"]);

      const agency = await agencyKey("TH", `TH:${code}`, ["analyst", "subscriber"]);
      const receiver = await startReceiver();
      expect((await agency.post("/v1/webhooks", { url: receiver.url })).status).toBe(201);
      const [forIt, fromIt] = [freshHost("for-agency"), freshHost("from-agency")];
      await reportHosts(scene.as("SG"), "?tlp=amber&to=TH", [forIt]);
      await itemWith(agency, forIt);
      // What members share with all of theirs, too, comes to it once it is one.
      await until(20_000, "the post", async () => receiver.received.find(({ body }) => body.includes(forIt)));
      await reportHosts(agency, "?tlp=green", [fromIt]);
      expect(await itemWith(scene.as("MY"), fromIt)).toMatchObject({ producer: `TH:${code}` });

      await officer.send("DELETE", `/v1/agencies/TH:${code}`);
      await until(5_000, "its keys to end", async () =>
        (await agency.get("/v1/log")).status === 401 ? true : undefined,
      );
      await receiver.close();
    });

    it("end with their people, sessions and links, and the operator does not bring them back", async () => {
      const officer = scene.as("PH", "officer");
      const sector = { name: "A mint", sector: "financial-services" };
      expect((await officer.post("/v1/agencies", { code: "mint", ...sector })).status).toBe(201);
      const person = { organisation: "PH:mint", title: "Duty", roles: ["officer", "subscriber"] };
      const { body: duty } = await officer.post("/v1/people", person);
      const link = async () => await officer.post(`/v1/people/${duty.id}/sign-in-link`);
      const signIn = async (token: string) => await scene.withKey(undefined).post("/v1/sign-in", { token });
      const session = await signIn((await link()).body.token);
      const waiting = (await link()).body.token;
      expect((await officer.send("DELETE", "/v1/agencies/PH:mint")).body.status).toBe("removed");

      const refused = await signIn(waiting);
      expect([refused.status, refused.body.code]).toEqual([401, "unauthenticated"]);
      await until(5_000, "its session to end", async () =>
        (await scene.withKey(session.body.key).get("/v1/log")).status === 401 ? true : undefined,
      );
      const people = (await officer.get("/v1/people")).body.items;
      expect(people.find((one: any) => one.id === duty.id)).toMatchObject({ status: "removed" });
      expect((await link()).body.code).toBe("not-found");
      const restored = await scene.operator().post("/v1/members/PH/restore");
      expect([restored.status, restored.body.code]).toEqual([409, "conflict"]);
      const agencies = (await officer.get("/v1/agencies")).body.items;
      expect(agencies.find((one: any) => one.code === "PH:mint")).toMatchObject({ status: "removed" });

      const again = await officer.post("/v1/agencies", { code: "mint", ...sector, name: "The new mint" });
      expect([again.status, again.body.status, again.body.name]).toEqual([201, "active", "The new mint"]);
      expect((await officer.post("/v1/agencies", { code: "mint", ...sector })).status).toBe(409);
      expect((await scene.withKey(session.body.key).get("/v1/log")).status).toBe(401);
      expect((await officer.send("DELETE", "/v1/agencies/PH:mint")).body.status).toBe("removed");
    });
  });
}
