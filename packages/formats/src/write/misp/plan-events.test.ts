import { describe, expect, test } from "vitest";
import {
  eventsOf,
  indicator,
  NOW,
  only,
  planned,
  relationship,
  report,
} from "../../testing/misp-event-fixture.ts";
import type { ExportItem } from "../writer.ts";
import { EventPlan, type PlannedEvent } from "./plan-events.ts";
import { writeEvent } from "./write-event.ts";
import { hashLines, manifestEntry } from "./write-feed.ts";

describe("which events there are", () => {
  const value = (n: number, more: Partial<ExportItem> = {}) =>
    indicator(n, `[domain-name:value = 'e${n}.example']`, {}, more);

  test("what no report names is in one of its producer, its day and its TLP", () => {
    const items = [
      value(1),
      value(2, { producer: "TH" }),
      value(3, { tlp: "amber" }),
      value(4, { at: "2026-05-02T00:00:00.000001Z" }),
      value(5),
    ];
    expect(planned(items).map(({ info, seqs }) => [info, seqs.length])).toEqual([
      ["SG, 2026-05-01, TLP:GREEN", 2],
      ["TH, 2026-05-01, TLP:GREEN", 1],
      ["SG, 2026-05-01, TLP:AMBER", 1],
      ["SG, 2026-05-02, TLP:GREEN", 1],
    ]);
  });

  test("nobody's report takes in what another stated under the same id", () => {
    const [own, others] = [value(1), value(1, { producer: "TH" })];
    const whole = report([own]);
    const events = planned([others, own, whole]);
    expect(events.map(({ producer, container, seqs }) => [producer, container !== undefined, seqs])).toEqual([
      ["SG", true, [own.seq, whole.seq]],
      ["TH", false, [others.seq]],
    ]);
    const uuids = eventsOf([others, own, whole]).flatMap(({ Attribute }) =>
      Attribute.map(({ uuid }) => uuid),
    );
    expect([uuids.length, new Set(uuids).size]).toEqual([2, 2]);
  });

  test("an event changes with what is in it, and with nothing else", () => {
    const items = [value(1), value(2), value(3, { producer: "TH" })];
    const before = planned(items);
    expect(planned(items)).toEqual(before);
    const later = planned([...items, value(4, { at: "2026-05-01T09:00:00.000001Z" })]);
    expect(later[1]).toEqual(before[1]);
    expect(later[0]).toMatchObject({
      uuid: before[0]?.uuid,
      changed: Date.parse("2026-05-01T09:00:00Z") / 1_000,
    });
  });

  test("what is taken back is deleted in its event, which is newer by that; where nothing is left there is none", () => {
    const [kept, gone] = [value(1), value(2)];
    const plan = new EventPlan(NOW, "MY", undefined);
    plan.add(kept);
    const of = { id: gone.object.id, producer: "SG", tlp: "green" as const };
    plan.addGone({ ...of, seq: gone.seq, at: gone.at, isOldPlace: true });
    plan.addGone({ ...of, seq: 999, at: "2026-05-03T00:00:00.000001Z", isOldPlace: false });
    const after = only(plan.events());
    const [before] = planned([kept, gone]);
    expect(after).toMatchObject({ uuid: before?.uuid, changed: Date.parse("2026-05-03T00:00:00Z") / 1_000 });
    const was = writeEvent(before as PlannedEvent, [kept, gone], { now: NOW, exercise: undefined })?.event;
    const is = writeEvent(after, [kept], { now: NOW, exercise: undefined })?.event;
    const deleted = is?.Attribute.filter((one) => one.deleted) ?? [];
    expect(deleted.map(({ uuid, value: text }) => [uuid, text])).toEqual([
      [was?.Attribute[1]?.uuid, "withdrawn"],
    ]);
    const none = new EventPlan(NOW, "MY", undefined);
    none.addGone({ ...of, seq: gone.seq, at: gone.at, isOldPlace: true });
    expect(none.events()).toEqual([]);
  });

  test("what is over is deleted from that moment on", () => {
    const ends = indicator(2, "[domain-name:value = 'e2.example']", { valid_until: "2026-05-20T00:00:00Z" });
    const [before] = planned([value(1), ends], Date.parse("2026-05-19T00:00:00Z"));
    const [after] = planned([value(1), ends]);
    expect(before?.deleted).toEqual([]);
    expect(after).toMatchObject({
      deleted: [ends.object.id],
      changed: Date.parse("2026-05-20T00:00:00Z") / 1_000,
    });
  });

  test("more than is held at once is a further part, and no part has an event's UUID twice", () => {
    const many = Array.from({ length: 2_001 }, (_, n) =>
      value(n + 1, { seq: n + 1, at: "2026-05-01T00:00:00.000001Z" }),
    );
    const parts = planned(many);
    expect(parts.map(({ info, seqs }) => [info, seqs.length])).toEqual([
      ["SG, 2026-05-01, TLP:GREEN", 2_000],
      ["SG, 2026-05-01, TLP:GREEN (part 2)", 1],
    ]);
    expect(new Set(parts.map(({ uuid }) => uuid)).size).toBe(2);
  });

  test("a report of more than is held at once has all that it names, in parts with the report in each", () => {
    const many = Array.from({ length: 2_500 }, (_, n) => value(n + 1, { seq: n + 1 }));
    for (const seq of [0, 9_000]) {
      const events = eventsOf([...many, { ...report(many), seq }]);
      expect(events.map(({ info }) => info)).toEqual(["A campaign", "A campaign (part 2)"]);
      const values = events.flatMap(({ Attribute }) => Attribute.map((one) => one.value));
      expect(values.toSorted()).toEqual(many.map((_, n) => `e${n + 1}.example`).toSorted());
    }
  });

  test("more than a thousand deletions are told", () => {
    const plan = new EventPlan(NOW, "MY", undefined);
    plan.add(value(1));
    const ids = Array.from({ length: 2_500 }, (_, n) => indicator(n + 2, "[url:value = 'x']").object.id);
    for (const id of ids) {
      const of = { id, producer: "SG", tlp: "green" as const, seq: 1 };
      plan.addGone({ ...of, at: "2026-05-01T00:00:00.000001Z", isOldPlace: true });
      plan.addGone({ ...of, at: "2026-05-03T00:00:00.000001Z", isOldPlace: false });
    }
    expect(only(plan.events()).deleted).toEqual(ids);
  });

  test("a pair goes with the half that is taken back, and with the word that made it one", () => {
    const name = indicator(1, "[domain-name:value = 'pair.example']");
    const address = indicator(2, "[ipv4-addr:value = '198.51.100.7']");
    const resolves = relationship(3, "resolves-to", name, address);
    const all = [name, address, resolves];
    const whole = report(all);
    const pair = only(only(eventsOf([...all, whole])).Attribute);
    expect(pair.type).toBe("domain|ip");
    for (const gone of all) {
      const left = [...all, whole].filter((one) => one !== gone);
      const plan = new EventPlan(NOW, "MY", undefined);
      for (const one of left) plan.add(one);
      const at = "2026-05-03T00:00:00.000001Z";
      plan.addGone({ id: gone.object.id, producer: "SG", tlp: "green", seq: 99, at, isOldPlace: false });
      const written = writeEvent(only(plan.events()), left, { now: NOW, exercise: undefined });
      const told = written?.event.Attribute.filter(({ uuid }) => uuid === pair.uuid) ?? [];
      expect(told.map(({ deleted }) => deleted)).toEqual([true]);
    }
  });

  test("the manifest says what the event says, and digests are of its values", () => {
    const one = indicator(1, "[domain-name:value = 'evil.example']");
    const [plan] = planned([one]);
    const event = only(eventsOf([one]));
    const { info, date, threat_level_id, analysis, timestamp, Orgc, Tag } = event;
    expect(JSON.parse(`{${manifestEntry(plan as PlannedEvent, undefined)}}`)).toEqual({
      [event.uuid]: { info, date, threat_level_id, analysis, timestamp, Orgc, Tag },
    });
    // By md5sum(1).
    expect(hashLines(event)).toBe(`96119eb3210daa472225fbad69fa9770,${event.uuid}\n`);
  });
});
