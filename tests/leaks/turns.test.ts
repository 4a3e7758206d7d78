import { expect, test } from "vitest";
import type { Reader } from "./readers.ts";
import type { Seen } from "./seen.ts";
import { askInTurns, type Company, companiesOf } from "./turns.ts";

const readerOf = (name: string): Reader => ({ name }) as Reader;
const COMPANY = ["analyst", "subscriber", "officer", "coordinator"].map(readerOf);
const PATHS = Array.from({ length: 100 }, (_, n) => `/${n}`);

type Answer = Partial<Pick<Seen, "status" | "headers">> & { text: string };

/** Who asked for each path, and whom the answer was said to be for. */
async function asked(
  answer: (reader: Reader, path: string) => Answer | string,
  company: Company = COMPANY,
): Promise<Map<string, { by: string; to: string[] }[]>> {
  const calls = PATHS.map((path, at) => ({
    at,
    ask: async function* (reader: Reader): AsyncGenerator<Seen> {
      const told = answer(reader, path);
      const said = typeof told === "string" ? { text: told } : told;
      const plain = { status: 200, headers: "", foreign: true, writes: false };
      yield { readers: [reader], where: path, ...plain, ...said };
    },
  }));
  const found = new Map<string, { by: string; to: string[] }[]>(PATHS.map((path) => [path, []]));
  for await (const { readers, where } of askInTurns(company, "GET /v1/things/:id", calls))
    found.get(where)?.push({ by: readers[0].name, to: readers.map(({ name }) => name).sort() });
  return found;
}

const names = COMPANY.map(({ name }) => name).sort();
const requestId = (): string => `{"code":"not-found","requestId":"${crypto.randomUUID()}"}`;

test("those who are answered alike take turns, and each answer is said to be for all of them", async () => {
  const found = [...(await asked(requestId)).values()];
  expect(found.filter((all) => all.length === COMPANY.length)).toHaveLength(8);
  expect(found.filter((all) => all.length === 1)).toHaveLength(92);
  for (const all of found) expect([...new Set(all.flatMap(({ to }) => to))].sort()).toEqual(names);
  const turns = found.flatMap((all) => (all.length === 1 ? all.map(({ by }) => by) : []));
  for (const name of names) expect(turns.filter((by) => by === name)).toHaveLength(23);
});

test.each(["/0", "/99"])("who is answered otherwise of %s alone asks for everything itself", async (odd) => {
  const found = await asked(({ name }, path) => (name === "officer" && path === odd ? "more" : "nothing"));
  for (const [path, all] of found) {
    const own = all.filter(({ by }) => by === "officer");
    expect(own, path).toEqual([{ by: "officer", to: ["officer"] }]);
    expect([...new Set(all.flatMap(({ to }) => to))].sort()).toEqual(names);
  }
});

test.each<[string, (n: number, isOfficer: boolean) => Answer]>([
  ["text", (_n, isOfficer) => ({ status: 200, text: isOfficer ? "more" : "some" })],
  ["status", (n, isOfficer) => ({ status: isOfficer && n < 40 ? 403 : 200, text: "some" })],
  ["headers", (_n, isOfficer) => ({ status: 200, text: "some", headers: isOfficer ? "etag,1" : "" })],
])(
  "alike where there is nothing, and not where there is something, by its %s: all ask for everything",
  async (_by, something) => {
    // What all ask for at first is not there.
    const isNothing = (n: number): boolean => n === Math.round(Math.round(n / (99 / 7)) * (99 / 7));
    const found = await asked(({ name }, path) => {
      const n = Number(path.slice(1));
      return isNothing(n) ? { status: 404, text: "nothing" } : something(n, name === "officer");
    });
    for (const [path, all] of found) {
      expect(all.map(({ by }) => by).sort(), path).toEqual(names);
      for (const { by, to } of all) expect(to).toEqual([by]);
    }
  },
);

test("of each status some are asked for by all, and what only says when it was answered makes no difference", async () => {
  let now = 0;
  const found = await asked((_reader, path) => {
    now += 1;
    const headers = `date,${now}\nratelimit-remaining,${now}\nx-request-id,${now}\ncontent-type,x`;
    return { status: Number(path.slice(1)) % 10 === 3 ? 200 : 404, text: "same", headers };
  });
  const byAll = [...found].flatMap(([path, all]) => (all.length === COMPANY.length ? [path] : []));
  expect(byAll.filter((path) => path.endsWith("3"))).toHaveLength(8);
  expect(byAll.filter((path) => !path.endsWith("3"))).toHaveLength(8);
});

test("over all companies each role asks for everything", async () => {
  const members = Array.from({ length: 12 }, (_, n) => String.fromCharCode(65 + n).repeat(2));
  const readers = members.flatMap((code) =>
    COMPANY.map(({ name: role }) => {
      const party = { code, member: code, kind: "cert" } as const;
      return { ...readerOf(`${code} ${role}`), realm: "live", party, role } as Reader;
    }),
  );
  const by = new Map<string, Set<string>>(PATHS.map((path) => [path, new Set()]));
  for (const company of companiesOf(readers))
    for (const [path, all] of await asked(() => "nothing", company))
      for (const one of all) by.get(path)?.add(one.by.slice(3));
  for (const [path, roles] of by) expect([...roles].sort(), path).toEqual(names);
});

test("a person, the operator and nobody stand for themselves, and so does each realm", () => {
  const party = { code: "SG", member: "SG", kind: "cert" } as const;
  const of = (name: string, more: Partial<Reader>): Reader => ({ ...readerOf(name), ...more });
  const readers = [
    of("SG analyst", { realm: "live", party }),
    of("SG officer", { realm: "live", party }),
    of("the drill's SG analyst", { realm: "drill", party }),
    of("a person", { realm: "live", party, person: "p1" }),
    of("another", { realm: "live", party, person: "p2" }),
    of("the operator", { realm: "live" }),
    of("nobody", {}),
  ];
  expect(companiesOf(readers).map((all) => all.length)).toEqual([2, 1, 1, 1, 1, 1]);
});
