import { expect, test } from "vitest";
import { acknowledgedByEndpoint, tellReceivers as tellDeliveries } from "./tell-receipts.ts";
import { type Party, type Receiver, stateOfAll, tellReceivers } from "./tell-receivers.ts";

const party = (code: string, active = true): Party => {
  const [member = "", agency] = code.split(":");
  return { code, member, kind: agency === undefined ? "cert" : "agency", active };
};
const at = (n: number): Date => new Date(Date.UTC(2027, 0, 1, 0, n));
const receiver = (code: string, acknowledged?: number, active = true): Receiver => ({
  party: party(code, active),
  acknowledgedAt: acknowledged === undefined ? null : at(acknowledged),
  reminders: [],
});
const SG = { member: "SG", named: [] };
const states = (all: readonly Receiver[], isOverdue = false, named: string[] = []) =>
  Object.fromEntries(
    tellReceivers(all, { ...SG, named }, isOverdue).map((one) => [one.organisation, one.state]),
  );

test("a CERT answers for its member, and nobody learns whether there are agencies", () => {
  const alone = tellReceivers([receiver("MY", 1)], SG, false);
  for (const agencies of [[receiver("MY:port")], [receiver("MY:port", 7), receiver("MY:bank")]])
    expect(tellReceivers([receiver("MY", 1), ...agencies], SG, false)).toEqual(alone);
  expect(states([receiver("MY"), receiver("MY:port", 7)])).toEqual({ MY: "open" });
});

test("where only agencies were named, the member has acknowledged when all of them have", () => {
  expect(states([receiver("MY:port", 1), receiver("MY:bank")], true)).toEqual({ MY: "overdue" });
  const [all] = tellReceivers([receiver("MY:port", 1), receiver("MY:bank", 5)], SG, true);
  expect(all).toMatchObject({ state: "acknowledged", acknowledgedAt: at(5).toISOString() });
});

test("whom the originator named itself answers for itself, and its CERT for the others", () => {
  const all = [receiver("MY", 1), receiver("MY:port"), receiver("MY:bank", 3)];
  expect(states(all, true, ["MY:port"])).toEqual({ MY: "acknowledged", "MY:port": "overdue" });
  expect(states(all.slice(1), false, ["MY:port"])).toEqual({ MY: "acknowledged", "MY:port": "open" });
});

test("the own member's agencies have their names", () => {
  expect(states([receiver("SG:bank"), receiver("SG:power", 1), receiver("TH", 2)])).toEqual({
    "SG:bank": "open",
    "SG:power": "acknowledged",
    TH: "acknowledged",
  });
});

test("nothing is expected of who was removed, but a word given before stands", () => {
  expect(states([receiver("MY", undefined, false), receiver("TH", 1, false)], true)).toEqual({
    MY: "not-expected",
    TH: "acknowledged",
  });
});

test("all together owe as long as one does", () => {
  const of = (all: readonly Receiver[], isOverdue = false) => stateOfAll(tellReceivers(all, SG, isOverdue));
  expect(of([])).toBe("acknowledged");
  expect(of([receiver("MY", 1), receiver("TH", undefined, false)])).toBe("acknowledged");
  expect(of([receiver("MY", 1), receiver("TH")])).toBe("open");
  expect(of([receiver("MY", 1), receiver("TH")], true)).toBe("overdue");
});

test("deliveries to a CERT and to its agencies are one: the first and the last by each channel", () => {
  const delivery = (channel: string, first: number, last: number) => ({
    channel,
    first: at(first),
    last: at(last),
  });
  const lost = { at: at(7), toldAt: at(8), why: ["expired"] };
  const known = [
    {
      party: party("MY"),
      delivered: [delivery("pull", 5, 6), delivery("webhook", 4, 4)],
      takenAway: undefined,
    },
    { party: party("MY:port"), delivered: [delivery("pull", 2, 3)], takenAway: lost },
    { party: party("TH"), delivered: [], takenAway: lost },
    { party: party("VN:bank"), delivered: [], takenAway: lost },
    { party: party("PH:bank"), delivered: [], takenAway: lost },
    { party: party("PH:grid"), delivered: [], takenAway: { at: at(9), toldAt: null, why: [] } },
    { party: party("VN:grid"), delivered: [], takenAway: undefined },
  ];
  const told = tellDeliveries(known, SG, (_, delivered) => acknowledgedByEndpoint(delivered));
  expect(told).toEqual([
    {
      organisation: "MY",
      delivered: [
        { channel: "pull", first: at(2).toISOString(), last: at(6).toISOString() },
        { channel: "webhook", first: at(4).toISOString(), last: at(4).toISOString() },
      ],
      acknowledgedAt: at(4).toISOString(),
      // Its CERT has it yet; what an agency lost is not told.
      takenAway: null,
    },
    {
      organisation: "PH",
      delivered: [],
      acknowledgedAt: null,
      // The last of them, who was not told yet.
      takenAway: { at: at(9).toISOString(), toldAt: null, why: ["expired"] },
    },
    {
      organisation: "TH",
      delivered: [],
      acknowledgedAt: null,
      takenAway: { at: at(7).toISOString(), toldAt: at(8).toISOString(), why: ["expired"] },
    },
    { organisation: "VN", delivered: [], acknowledgedAt: null, takenAway: null },
  ]);
});
