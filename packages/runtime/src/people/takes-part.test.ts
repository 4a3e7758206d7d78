import { expect, it } from "vitest";
import type { Directory, DirectoryEntry } from "./directory.ts";
import { directoryOf } from "./takes-part.ts";

function entry(id: number, code: string, kind: DirectoryEntry["kind"]): DirectoryEntry {
  const member = code.slice(0, 2);
  return { id, code, member, kind, name: code, sector: null, active: true, createdAt: new Date(0) };
}

const EVERYBODY = [entry(1, "SG", "cert"), entry(2, "SG:power", "agency"), entry(3, "MY", "cert")];
const directory: Directory = {
  all: async () => EVERYBODY,
  active: async () => EVERYBODY,
  byId: async (id) => EVERYBODY.find((one) => one.id === id),
  byCode: async (code) => EVERYBODY.find((one) => one.code === code),
  group: async () => ["SG", "MY"],
  sectors: async () => [],
  contacts: async () => [],
};

it("has no agency in a drill, however it is asked", async () => {
  const drill = directoryOf({ kind: "drill" }, directory);
  for (const list of [await drill.all(), await drill.active()])
    expect(list.map(({ code }) => code)).toEqual(["SG", "MY"]);
  expect([await drill.byId(2), await drill.byCode("SG:power")]).toEqual([undefined, undefined]);
  expect([await drill.byId(3), await drill.byCode("SG")]).toMatchObject([{ code: "MY" }, { code: "SG" }]);
  expect(await drill.group("ASEAN")).toEqual(["SG", "MY"]);
});

it("gives out the same list until there is another", async () => {
  const [drill, again] = [
    directoryOf({ kind: "drill" }, directory),
    directoryOf({ kind: "drill" }, directory),
  ];
  expect(await again.all()).toBe(await drill.all());
});

it("is the platform's own in the live realm", () => {
  expect(directoryOf({ kind: "live" }, directory)).toBe(directory);
});
