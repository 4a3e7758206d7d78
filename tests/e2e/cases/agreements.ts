import { describe, expect, it } from "vitest";
import type { Scene } from "../scene.ts";

const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

export function agreementCases(scene: Scene): void {
  const propose = async (from: string, body: object): Promise<{ id: string; state: string }> => {
    const terms = { kind: "mou", title: "what two members agree on", begins: day(-1), ...body };
    const answer = await scene.as(from, "officer").post("/v1/agreements", terms);
    if (answer.status !== 201) throw new Error(answer.text);
    return answer.body;
  };
  const act = async (member: string, id: string, what: string) =>
    await scene.as(member, "officer").post(`/v1/agreements/${id}/${what}`);
  const stateFor = async (member: string, id: string) =>
    (await scene.as(member).get(`/v1/agreements/${id}`)).body.state;

  describe("agreements", () => {
    it("hold once the other member's officer has accepted, and end by either's word", async () => {
      const { id, state } = await propose("CN", { with: "SG", kind: "asean-mcc" });
      expect(state).toBe("proposed");
      expect((await act("CN", id, "accept")).body.code).toBe("conflict");
      expect((await scene.as("SG", "analyst").post(`/v1/agreements/${id}/accept`)).body.code).toBe(
        "forbidden",
      );
      expect((await act("SG", id, "accept")).body).toMatchObject({
        state: "in-force",
        members: ["CN", "SG"],
      });
      expect((await act("SG", id, "accept")).body.code).toBe("conflict");
      expect(await stateFor("CN", id)).toBe("in-force");
      expect((await act("CN", id, "end")).body).toMatchObject({ state: "ended", endedBy: "CN" });
      expect((await act("SG", id, "end")).body.code).toBe("conflict");
    });

    it("begin and end by the clock", async () => {
      const later = await propose("CN", { with: "SG", begins: day(2), ends: day(30) });
      expect((await act("SG", later.id, "accept")).body.state).toBe("agreed");
      const over = await propose("CN", { with: "SG", begins: day(-30), ends: day(-1) });
      expect(over.state).toBe("ended");
      expect((await act("SG", over.id, "accept")).body.code).toBe("conflict");
    });

    it("can be declined and taken back, and then not accepted", async () => {
      for (const ender of ["CN", "SG"]) {
        const { id } = await propose("CN", { with: "SG" });
        expect((await act(ender, id, "end")).body).toMatchObject({ state: "ended", endedBy: ender });
        expect((await act("SG", id, "accept")).body.code).toBe("conflict");
      }
    });

    it("are nobody else's to see", async () => {
      const { id } = await propose("CN", { with: "SG" });
      for (const outsider of ["MY", "TH"]) {
        for (const answer of [
          await scene.as(outsider, "officer").get(`/v1/agreements/${id}`),
          await act(outsider, id, "accept"),
          await act(outsider, id, "end"),
        ])
          expect(answer.body.code).toBe("not-found");
        const { items } = (await scene.as(outsider).get("/v1/agreements?limit=500")).body;
        expect(items.map((one: { id: string }) => one.id)).not.toContain(id);
      }
      expect(await stateFor("SG", id)).toBe("proposed");
    });

    it("are listed newest first, a page at a time", async () => {
      const made = [await propose("VN", { with: "TH" }), await propose("TH", { with: "VN" })];
      const first = (await scene.as("VN").get("/v1/agreements?limit=1")).body;
      expect(first.items.map((one: { id: string }) => one.id)).toEqual([made[1]?.id]);
      const second = (await scene.as("VN").get(`/v1/agreements?limit=1&after=${first.next}`)).body;
      expect(second.items.map((one: { id: string }) => one.id)).toEqual([made[0]?.id]);
    });
  });
}
