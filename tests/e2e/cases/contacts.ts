import { describe, expect, it } from "vitest";
import type { Answer } from "../../support/api.ts";
import { addPerson, publish, redTo } from "../../support/sessions.ts";
import type { Scene } from "../scene.ts";

const CSV = "text/csv";

export function contactCases(scene: Scene): void {
  const shape = ({ status, body: { code } }: Answer): unknown[] => [status, code];

  describe("contacts", () => {
    it("are published by their officer, and shown to all analysts under the title given there", async () => {
      const officer = scene.as("VN", "officer");
      const person = await addPerson(officer, "an inner title");
      const listed = async (code: string) =>
        (await scene.as(code).get("/v1/contacts?limit=500")).body.items.find(
          (one: any) => one.person === person,
        );
      expect(await listed("SG")).toBeUndefined();
      expect(
        shape(await scene.as("SG", "officer").send("PUT", `/v1/people/${person}/contact`, { title: "x" })),
      ).toEqual([404, "not-found"]);
      await publish(officer, person, "Duty");
      await publish(officer, person, "Duty, day and night");
      expect(await listed("SG")).toMatchObject({ organisation: "VN", title: "Duty, day and night" });
      expect((await scene.as("SG", "subscriber").get("/v1/contacts")).status).toBe(403);
      await officer.send("DELETE", `/v1/people/${person}/contact`);
      expect(await listed("SG")).toBeUndefined();
      expect(shape(await officer.send("DELETE", `/v1/people/${person}/contact`))).toEqual([404, "not-found"]);
    });

    it("are all that can be named: whether another id is anybody's, nobody is told", async () => {
      const officer = scene.as("VN", "officer");
      const unpublished = await addPerson(officer, "unpublished");
      const removed = await addPerson(officer, "removed");
      await publish(officer, removed);
      await officer.send("DELETE", `/v1/people/${removed}`);
      const refusals = new Set<string>();
      for (const id of [unpublished, removed, crypto.randomUUID()]) {
        const { status, body } = await scene
          .as("SG")
          .raw(`/v1/submissions${redTo(id)}`, "value\nx.example.net\n", {
            "content-type": CSV,
          });
        const { requestId: _, ...said } = body;
        refusals.add(JSON.stringify([status, said]).replaceAll(id, "ID"));
      }
      expect([...refusals]).toHaveLength(1);
      expect([...refusals][0]).toContain("unknown-person");
    });
  });
}
