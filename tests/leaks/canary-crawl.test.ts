import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { until, wholeLog } from "../support/api.ts";
import { type PlatformProcess, startPlatform } from "../support/platform.ts";
import { type Receiver, startReceiver } from "../support/receiver.ts";
import { startWatcher, type Watcher } from "../support/watcher.ts";
import { COMMON_WORD } from "./bundles.ts";
import { Canaries, type Canary, leaksTo, missingFor, NEVER_SHOWN } from "./canaries.ts";
import { exportedText, isInNoExport, linkedText } from "./crawl-exports.ts";
import { taxiiText } from "./crawl-taxii.ts";
import { crawled, exactly, findingsOfCrawl, findingsOfTaxii, forEach } from "./findings.ts";
import { allObjects, publicText } from "./lists.ts";
import { placesOf } from "./places.ts";
import { type Planted, plant, withdrawAll } from "./plant.ts";
import { plantCounted } from "./plant-counted.ts";
import { type PlantedDrill, plantDrill } from "./plant-drill.ts";
import { type People, signInPeople } from "./plant-red.ts";
import { AGENCIES, liveReaders, MEMBERS, type Reader, withOrganisation } from "./readers.ts";
import { asksAll, kindsLeftOut, kindsWithoutFirst, SHARE, type Share, sharesOf, someOf } from "./shares.ts";
import type { Ground } from "./sower.ts";
import { eventStreamText, webSocketText } from "./streams.ts";
import { companiesOf } from "./turns.ts";

const canaries = new Canaries();
const receivers = new Map<string, Receiver>();
const watchers = new Map<string, Watcher>();
let platform: PlatformProcess;
let readers: Reader[];
let ground: Ground;
let planted: Planted;
let drill: PlantedDrill;
let people: People;

beforeAll(async () => {
  platform = await startPlatform({ env: { LOG_LEVEL: "trace" } });
  readers = await liveReaders(platform);
  for (const code of ["MY", "CN", "SG:example-power", "TH"]) receivers.set(code, await startReceiver());
  // These are connected while everything happens, and see it from the ring and not from the log.
  for (const code of [...MEMBERS, ...AGENCIES])
    watchers.set(code, startWatcher(platform.url, subscriberOf(code).key));
  ground = { platform, canaries, readers, receivers };
  people = await signInPeople(ground);
  readers.push(...Object.values(people));
  planted = await plant(ground, people);
  drill = await plantDrill(ground, planted.things);
});
afterAll(async () => {
  for (const watcher of watchers.values()) watcher.stop();
  await platform.remove();
  for (const receiver of receivers.values()) await receiver.close();
});

function subscriberOf(code: string): Reader & { key: string } {
  const found = withOrganisation(readers).find(
    ({ party, role }) => party.code === code && role === "subscriber",
  );
  if (found === undefined) throw new Error(`there is no subscriber of ${code}`);
  return found;
}

const everybody = (): Reader[] => [...readers, ...drill.readers];
const shares = (): Share[] => sharesOf(companiesOf(everybody()));

describe("before the withdrawal", () => {
  test("the log, read by every role of every organisation, holds what the oracle says", async () => {
    const failures = await forEach(withOrganisation(everybody()), async (reader) =>
      exactly(canaries, reader, "the log", JSON.stringify(await wholeLog(reader.api))),
    );
    expect(failures).toEqual([]);
  });

  test("whoever watched while it happened saw what the oracle says", async () => {
    const failures = await forEach([...watchers], async ([code, watcher]) => {
      const reader = subscriberOf(code);
      const expected = (await wholeLog(reader.api)).length;
      await until(30_000, `${code}'s ${expected} items`, async () =>
        watcher.items.length >= expected ? true : undefined,
      );
      return exactly(canaries, reader, "its open stream", JSON.stringify(watcher.items), undefined, true);
    });
    expect(failures).toEqual([]);
  });

  test("webhooks bring what the oracle says, and a paused one brings nothing", async () => {
    for (const [code, receiver] of receivers) {
      const reader = subscriberOf(code);
      if (code === "TH") expect(receiver.received).toEqual([]);
      else {
        await receiver.waitFor((await wholeLog(reader.api)).length, 60_000);
        const received = JSON.stringify(receiver.received);
        expect(exactly(canaries, reader, "its webhook", received, undefined, true)).toEqual([]);
      }
    }
  });
});

describe("after the withdrawal", () => {
  beforeAll(async () => {
    await withdrawAll(ground, planted.toWithdraw);
    await until(30_000, "the withdrawals in the log", async () => {
      const withdrawn = await wholeLog(subscriberOf("VN").api, "&kinds=withdrawn");
      return withdrawn.filter(({ kind }) => kind === "withdrawn").length >= planted.toWithdraw.ids.length
        ? true
        : undefined;
    });
  });

  test("everybody who had it was told, by the stub alone", async () => {
    for (const [code, watcher] of watchers) {
      const told = await until(30_000, `the withdrawals at ${code}`, async () => {
        // Of what holds personal data others have a copy, under an id of its own.
        const last = new Map(watcher.items.map((item) => [item.object.id, item]));
        const stubs = planted.toWithdraw.ids.flatMap((id) => last.get(id) ?? []);
        return stubs.every((item) => (item as unknown as { kind: string }).kind === "withdrawn")
          ? stubs
          : undefined;
      });
      for (const { object } of told) expect(Object.keys(object).sort()).toEqual(["id", "modified", "type"]);
    }
  });

  const found = new Map<Reader, Set<Canary>>();

  test("no role of anybody finds a canary at any address of the contract that is not meant for it", async () => {
    const failures = await crawled("the contract", shares(), 40_000, async (share) => {
      const findings = await findingsOfCrawl(share, planted.things, canaries);
      for (const [reader, its] of findings.seen) found.set(reader, its);
      return findings;
    });
    expect(failures).toEqual([]);
  });

  test("nor at any address of TAXII, where nobody deletes what is another's", async () => {
    const look = async (share: Share) => await findingsOfTaxii(share, planted.things, canaries);
    expect(await crawled("TAXII", shares(), 6_000, look)).toEqual([]);
  });

  test("each canary was found by those whom it is for", () => {
    const own = canaries.all().filter(({ kind, what }) => kind === "own" && !NEVER_SHOWN.has(what));
    const failures = [...found].flatMap(([reader, seen]) => {
      const content = withOrganisation([reader]).length > 0 ? canaries.content() : [];
      return missingFor(reader, "the crawl", seen, [...own, ...content]);
    });
    expect(found.size).toBe(everybody().length);
    expect(kindsLeftOut(everybody()), "of whom nobody asks for every list, page and format").toEqual([]);
    expect(kindsWithoutFirst(shares()), "of which nobody asks for everything").toEqual([]);
    expect(failures).toEqual([]);
  });

  test("the log, objects, both streams and TAXII hold what the oracle says, for every role of every organisation", async () => {
    const failures = await forEach(withOrganisation(everybody()), async (reader) => [
      ...exactly(canaries, reader, "the log", JSON.stringify(await wholeLog(reader.api))),
      ...exactly(canaries, reader, "objects", await allObjects(reader), (one) => one.superseded === true),
      ...exactly(canaries, reader, "WebSocket", await webSocketText(platform.url, reader)),
      ...exactly(canaries, reader, "SSE", await eventStreamText(platform.url, reader)),
      ...exactly(
        canaries,
        reader,
        "TAXII",
        await taxiiText(platform.url, reader),
        (one) => one.inAlerts === true,
      ),
      ...exactly(canaries, reader, "exports", await exportedText(reader), isInNoExport),
    ]);
    for (const [code, path] of planted.links)
      failures.push(
        ...exactly(canaries, subscriberOf(code), "its link", await linkedText(platform, path), isInNoExport),
      );
    expect(failures).toEqual([]);
  });

  test("what everybody reads without a key is what is CLEAR for nobody in particular, and no more", async () => {
    const nobody = readers.find(({ name }) => name === "nobody") as Reader;
    const seen = canaries.in(await publicText(nobody));
    const expected = canaries.all().filter((canary) => canary.isPublic === true);
    expect(expected).toHaveLength(4);
    expect([...seen].map(({ what }) => what).sort()).toEqual(expected.map(({ what }) => what).sort());
    // Whoever shows a key sees the same there: it is asked of nobody in particular.
    const member = subscriberOf("BN");
    expect(canaries.in(await publicText(member))).toEqual(seen);
  });

  test("a search for each canary, as value and as word, finds it for its audience alone", async () => {
    const analysts = everybody().filter(({ role }) => role === "analyst");
    const failures = await forEach(withOrganisation(analysts), async (reader) => {
      const found: string[] = [];
      const all = canaries.all();
      for (const canary of asksAll(reader) ? all : someOf(all, SHARE, reader.name)) {
        for (const query of [`${canary.text}v.example.com`, canary.text]) {
          const { body } = await reader.api.get(`/v1/search?q=${query}`);
          // What was asked for is said back in `understood`; what was found is in `items`.
          found.push(...leaksTo(reader, `a search for ${query}`, canaries.in(JSON.stringify(body.items))));
        }
      }
      return found;
    });
    expect(failures).toEqual([]);
  });

  test("counts tell nothing of reports that the caller may not see", async () => {
    const value = "counted.example.com";
    await plantCounted(value, everybody(), people);
    const countsOf = async (code: string): Promise<number[]> => {
      const { body } = await subscriberOf(code).api.get(`/v1/search?q=${value}`);
      return (body.items as { alsoReportedBy: number }[]).map(({ alsoReportedBy }) => alsoReportedBy);
    };
    await until(30_000, "the counted reports", async () =>
      (await countsOf("SG")).length === 2 ? true : undefined,
    );
    expect(await countsOf("SG"), "its own and MY's").toEqual([1, 1]);
    expect(await countsOf("CN"), "SG's and its own").toEqual([1, 1]);
    expect(await countsOf("VN"), "SG's alone").toEqual([0]);
    const { body } = await people.addressee.api.get(`/v1/search?q=${value}`);
    expect(body.items.map((one: { alsoReportedBy: number }) => one.alsoReportedBy)).toEqual([1, 1]);
  });

  test("TLP:RED lies in an inbox, and in no other place of the database", async () => {
    const { read, withdrawn } = planted.red;
    expect(await placesOf(platform, read.text)).toEqual(["live.inbox_item"]);
    expect(await placesOf(platform, withdrawn.text)).toEqual([]);
  });

  test("the metrics count nothing that is done with inboxes", async () => {
    const { text } = await people.addressee.api.get("/metrics");
    expect(text).toContain("/v1/search");
    expect(text).not.toContain("/v1/inbox");
  });

  test("what a reader may not see is answered as what is not there", async () => {
    const strict = planted.things.object.filter(({ organisation }) => organisation === "CN");
    const { api } = subscriberOf("BN");
    const shape = ({ status, body }: Awaited<ReturnType<typeof api.get>>): unknown => ({
      status,
      ...body,
      requestId: undefined,
    });
    const nothing = shape(await api.get("/v1/objects/indicator--00000000-0000-4000-8000-000000000000"));
    let hidden = 0;
    for (const { id } of strict) {
      const answer = await api.get(`/v1/objects/${id}`);
      if (answer.status === 200) continue;
      hidden += 1;
      expect(shape(answer)).toEqual(nothing);
    }
    expect(hidden).toBeGreaterThan(5);
  });

  test("a webhook that was paused meanwhile brings everything but the withdrawn body", async () => {
    const reader = subscriberOf("TH");
    const receiver = receivers.get("TH") as Receiver;
    const hook = planted.things.webhook.find(({ organisation }) => organisation === "TH");
    await reader.api.post(`/v1/webhooks/${hook?.id}/resume`);
    await receiver.waitFor((await wholeLog(reader.api)).length, 60_000);
    expect(
      exactly(canaries, reader, "its webhook", JSON.stringify(receiver.received.map(({ json }) => json))),
    ).toEqual([]);
  });

  test("a replayed webhook brings no withdrawn body", async () => {
    const reader = subscriberOf("MY");
    const receiver = receivers.get("MY") as Receiver;
    const before = receiver.received.length;
    const hook = planted.things.webhook.find(({ organisation }) => organisation === "MY");
    await reader.api.post(`/v1/webhooks/${hook?.id}/replay`, { from: 0 });
    const items = (await wholeLog(reader.api)).length;
    await receiver.waitFor(before + items, 60_000);
    const replayed = JSON.stringify(receiver.received.slice(before).map(({ json }) => json));
    expect(exactly(canaries, reader, "its replayed webhook", replayed)).toEqual([]);
  });

  test("the operator's and nobody's answers hold no content at all", async () => {
    for (const name of ["the operator", "nobody"]) {
      const reader = readers.find((one) => one.name === name) as Reader;
      for (const path of [
        "/v1/log",
        "/v1/objects",
        `/v1/search?q=${COMMON_WORD}`,
        "/v1/submissions",
        "/v1/alerts",
        "/v1/live",
      ]) {
        expect((await reader.api.get(path)).status).toBe(name === "nobody" ? 401 : 403);
      }
    }
  });

  test("the logs of the platform and of its database hold no canary", () => {
    const logs = {
      "the platform": platform.log(),
      PostgreSQL: readFileSync(join(platform.dataDir, "postgres.log"), "utf8"),
    };
    for (const [name, text] of Object.entries(logs)) {
      const lines = text.split("\n").filter((line) => canaries.in(line).size > 0);
      expect(lines.slice(0, 5), `${lines.length} lines of ${name}`).toEqual([]);
    }
    expect(platform.log()).toContain('"level":30');
  });
});
