import { type MarkingChange, mark, markingOf } from "@suar/gate";
import type { StixObject } from "@suar/stix";
import { expect } from "vitest";
import { type GateScene, item } from "./gate-scene.ts";

/** What SG states, takes from some and takes back, and what others are told of it. */
export type RecallScene = {
  stated(...items: Parameters<typeof item>[]): Promise<unknown>;
  narrowTo(stixId: string, change: MarkingChange): Promise<void>;
  /** Takes an object back; the recall as its originator is told of it. */
  recalled(id: string): Promise<any>;
  expectAsked(member: string, recall: any, objects: readonly string[]): Promise<void>;
};

export function recallScene(scene: () => GateScene): RecallScene {
  return {
    stated: async (...items) =>
      await scene().state(await scene().context("SG"), ...items.map((one) => item(...one))),
    narrowTo: async (stixId, change) => {
      const { context, write, inside } = scene();
      const sg = await context("SG");
      const tag = (await markingOf(inside.realm.write, sg.producer.id, stixId))?.tag ?? "";
      await write(async (db) => await mark(db, sg, { stixId, tag, by: "person:analyst" }, change));
    },
    recalled: async (id) => {
      const { as, write } = scene();
      const { status, body, text } = await as("SG").post(`/v1/objects/${id}/withdraw`);
      expect(status, text).toBe(200);
      // Everything is numbered once a later transaction is.
      await write(async () => undefined);
      return (await as("SG").get(`/v1/recalls/${body.recall}`)).body;
    },
    expectAsked: async (member, recall, objects) => {
      const { as } = scene();
      const { body } = await as(member).get(`/v1/recalls/${recall.id}`);
      expect(body).toMatchObject({ state: "open", objects, producer: "SG" });
      const acknowledged = await as(member).post(`/v1/recalls/${recall.id}/acknowledgement`);
      expect(acknowledged.body).toMatchObject({ state: "acknowledged" });
      const seen = (await as("SG").get(`/v1/recalls/${recall.id}`)).body;
      expect(owing(seen)[member]).toBe("acknowledged");
    },
  };
}

export function owing({ receivers }: any): Record<string, string> {
  const members = receivers.filter(({ organisation }: any) => !organisation.includes(":"));
  return Object.fromEntries(members.map(({ organisation, state }: any) => [organisation, state]));
}

export function newer(object: StixObject, month: string, more = {}): StixObject {
  return { ...object, ...more, modified: `2026-${month}-01T00:00:00.000Z` };
}
