import { type Member, PairPolicy, policyHash } from "@suar/policy";
import { describe, expect, it } from "vitest";
import {
  diffed,
  nextPolicy,
  type PolicySigner,
  proposePolicy,
  registerSigner,
  signProposal,
} from "../../support/policy-change.ts";
import type { Scene } from "../scene.ts";

export function policyCases(scene: Scene): void {
  const officer = (member: string) => scene.as(member, "officer");

  const register = async (member: Member) => await registerSigner(officer(member), member);
  const signer = async (member: Member, friend: Member): Promise<PolicySigner> => {
    const made = await register(member);
    expect((await officer(member).post(`/v1/policy-keys/${made.id}/confirm`)).body.code).toBe(
      "second-person-needed",
    );
    expect((await officer(friend).post(`/v1/policy-keys/${made.id}/confirm`)).body.state).toBe("active");
    return made;
  };
  const inForce = async (pair: string) => (await scene.as("TH").get(`/v1/policies/${pair}`)).body;
  const nextOf = async (pair: string, change: object): Promise<PairPolicy> =>
    await nextPolicy(scene.as("TH"), pair, () => change);
  const propose = async (member: string, policy: PairPolicy) => await proposePolicy(officer(member), policy);
  const sign = async (by: PolicySigner, id: string, policy: PairPolicy) => {
    await diffed(officer, id, policy);
    return await signProposal(officer(by.member), by, id, policy);
  };

  describe("policies of pairs", () => {
    it("are there for every ordered pair and for the public, and every member reads them", async () => {
      const { items } = (await scene.as("TL").get("/v1/policies?limit=500")).body;
      expect(items).toHaveLength(144);
      const shipped = items.filter((one: { standing: string }) => one.standing === "shipped");
      expect(shipped.length).toBeGreaterThan(130);
      const { policy, hash } = await inForce("VN-public");
      expect(policyHash(PairPolicy.parse(policy))).toBe(hash);
      expect(items).toContainEqual(expect.objectContaining({ pair: "VN-public", hash, version: 1 }));
    });

    it("change when both members have signed, and not before", async () => {
      const [ph, bn] = [await signer("PH", "ID"), await signer("BN", "PH")];
      const policy = await nextOf("PH-BN", { deadlineHours: 7 });
      const { id, missing } = await propose("PH", policy);
      expect(missing).toEqual(["PH", "BN"]);
      expect((await sign(ph, id, policy)).body).toMatchObject({ state: "open", missing: ["BN"] });
      expect(await inForce("PH-BN")).toMatchObject({ version: 1, standing: "shipped" });
      expect((await sign(ph, id, policy)).body.code).toBe("conflict");
      expect((await sign(bn, id, policy)).body).toMatchObject({ state: "signed", missing: [] });
      expect(await inForce("PH-BN")).toMatchObject({
        version: 2,
        standing: "signed",
        proposal: id,
        hash: policyHash(policy),
        policy: { deadlineHours: 7 },
      });
      expect(await inForce("BN-PH")).toMatchObject({ version: 1, standing: "shipped" });
      // What was signed once cannot be brought back.
      const again = await officer("PH").post("/v1/policies/PH-BN/proposals", { policy });
      expect(again.body.code).toBe("conflict");
    });

    it("are in force from the time that they name", async () => {
      const [id, kh] = [await signer("ID", "PH"), await signer("KH", "PH")];
      const from = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z/, "Z");
      const later = await nextOf("ID-KH", { effective: { from, until: null } });
      const proposal = await propose("KH", later);
      await sign(id, proposal.id, later);
      const signed = (await sign(kh, proposal.id, later)).body;
      expect(new Date(signed.inForceFrom).getTime()).toBe(new Date(from).getTime());
      expect(await inForce("ID-KH")).toMatchObject({ version: 1, standing: "shipped" });
    });

    it("take no signature but a good one, by a confirmed key of the member itself", async () => {
      const [la, mm] = [await signer("LA", "PH"), await signer("MM", "PH")];
      const waiting = await register("LA");
      const { items: keys } = (await officer("LA").get("/v1/policy-keys")).body;
      expect(keys).toContainEqual(expect.objectContaining({ id: waiting.id, state: "waits", member: "LA" }));
      const policy = await nextOf("LA-MM", { deadlineHours: 9 });
      const { id } = await propose("LA", policy);
      const other = PairPolicy.parse({ ...policy, deadlineHours: 10 });
      expect((await sign(la, id, other)).body.code).toBe("bad-signature");
      expect((await sign(waiting, id, policy)).body.code).toBe("bad-signature");
      expect((await sign({ ...mm, member: "LA" }, id, policy)).body.code).toBe("bad-signature");
      expect((await sign({ ...la, member: "TH" }, id, policy)).body.code).toBe("forbidden");
      expect((await sign(la, id, policy)).body.missing).toEqual(["MM"]);
      // A signature by a key that is revoked before the other member signs counts for nothing any more.
      await officer("LA").send("DELETE", `/v1/policy-keys/${la.id}`);
      expect((await sign(mm, id, policy)).body).toMatchObject({ state: "open", missing: ["LA"] });
      expect(await inForce("LA-MM")).toMatchObject({ standing: "shipped" });
    });

    it("are refused by the other member, and then not signed", async () => {
      const my = await signer("MY", "PH");
      const policy = await nextOf("MY-VN", { quota: 5 });
      const { id } = await propose("MY", policy);
      expect((await officer("TH").send("DELETE", `/v1/policy-proposals/${id}`)).body.code).toBe("forbidden");
      expect((await officer("VN").send("DELETE", `/v1/policy-proposals/${id}`)).body.state).toBe("withdrawn");
      expect((await sign(my, id, policy)).body.code).toBe("conflict");
    });

    it("of what goes to the public are signed by the exporter alone", async () => {
      const th = await signer("TH", "PH");
      const policy = await nextOf("TH-public", { allow: ["advisory"] });
      const { id, missing } = await propose("TH", policy);
      expect(missing).toEqual(["TH"]);
      expect((await sign(th, id, policy)).body.state).toBe("signed");
      expect(await inForce("TH-public")).toMatchObject({ version: 2, standing: "signed" });
    });
  });
}
