import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, describe, expect, it, test } from "vitest";
import { TAXII_MEDIA_TYPE } from "../media-type.ts";
import {
  type Asked,
  connectTo,
  type FakeServer,
  fakeServer,
  idOf,
  objectOf,
  pullAll,
  sendJson,
} from "../testing/fake-server.ts";
import { findCollection } from "./find-collection.ts";
import { PULL_LIMITS } from "./limits.ts";
import { pullObjects } from "./pull-objects.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function serve(answer: (asked: Asked) => unknown): Promise<FakeServer> {
  const server = await fakeServer(answer);
  servers.push(server);
  return server;
}

const text = JSON.stringify({ objects: [objectOf(idOf(1), { name: "Überschrift" })] });
const raw =
  (body: string | Uint8Array, headers: Record<string, string> = {}) =>
  ({ response }: Asked): void => {
    response.writeHead(200, { "content-type": TAXII_MEDIA_TYPE, ...headers }).end(body);
  };

describe("an answer", () => {
  it.each([
    ["in gzip", raw(gzipSync(text), { "content-encoding": "gzip" })],
    ["in brotli", raw(brotliCompressSync(text), { "content-encoding": "br" })],
    ["as application/json", raw(text, { "content-type": "application/json" })],
    ["as plain text", raw(text, { "content-type": "text/plain" })],
    ["of version 2.1 with a space", raw(text, { "content-type": "application/taxii+json; version=2.1" })],
    ["of STIX's media type", raw(text, { "content-type": "application/stix+json;version=2.1" })],
    ["that is a bundle", raw(text.replace("{", '{"type":"bundle","id":"bundle--1",'))],
    ["behind a byte order mark", raw(`\ufeff${text}`)],
    ["in single octets", ({ response }: Asked) => void drip(response, text, 0)],
  ])("%s is read", async (_name, answer) => {
    const { url } = await serve(answer);
    expect((await pullAll(connectTo(url))).parts[0]?.objects[0]?.text).toContain("Überschrift");
  });

  it.each([
    ["that breaks off", raw(text.slice(0, -5)), "bad-json"],
    ["that is no JSON", raw("hello"), "bad-json"],
    ["with nothing in it", raw(""), "bad-json"],
    ["whose object is no JSON", raw('{"objects":[{"id":}]}'), "bad-json"],
    ["that is not UTF-8", raw(Buffer.from('{"objects":[{"id":"\xff"}]}', "latin1")), "bad-json"],
    ["that goes on after its end", raw(`${text}{}`), "bad-json"],
    ["that is a list", raw("[]"), "bad-json"],
    ["nested 10,000 deep", raw(`{"objects":[{"a":${"[".repeat(10_000)}${"]".repeat(10_000)}}]}`), "bad-json"],
    ["with texts for objects", raw('{"objects":["a"]}'), "not-taxii"],
    ["whose objects are no list", raw('{"objects":{"a":1}}'), "not-taxii"],
    ["of something else", raw('{"error":"no"}'), "not-taxii"],
    ["that is a page for people", raw("<html>", { "content-type": "text/html" }), "not-taxii"],
    [
      "of TAXII 2.0",
      raw("{}", { "content-type": "application/vnd.oasis.taxii+json; version=2.0" }),
      "not-taxii",
    ],
    ["of TAXII 3", raw("{}", { "content-type": "application/taxii+json;version=3.0" }), "not-taxii"],
    [
      "whose gzip breaks off",
      raw(gzipSync(text).subarray(0, 30), { "content-encoding": "gzip" }),
      "bad-json",
    ],
    ["that says it is gzip and is not", raw(text, { "content-encoding": "gzip" }), "unreachable"],
    ["401", ({ response }: Asked) => void response.writeHead(401).end(), "unauthorized"],
    ["403", ({ response }: Asked) => void response.writeHead(403).end(), "forbidden"],
    ["404", ({ response }: Asked) => void response.writeHead(404).end(), "not-found"],
    ["406 whatever is accepted", ({ response }: Asked) => void response.writeHead(406).end(), "refused"],
    ["500", ({ response }: Asked) => void response.writeHead(500).end("<html>"), "server-error"],
    ["204", ({ response }: Asked) => void response.writeHead(204).end(), "refused"],
    ["to nowhere", ({ response }: Asked) => void response.writeHead(302).end(), "redirected"],
    [
      "to itself for ever",
      ({ response }: Asked) => void response.writeHead(302, { location: "?" }).end(),
      "redirected",
    ],
    [
      "to a file",
      ({ response }: Asked) => void response.writeHead(302, { location: "file:///x" }).end(),
      "redirected",
    ],
    ["that is no answer", ({ response }: Asked) => void response.destroy(), "unreachable"],
  ])("%s is refused", async (_name, answer, code) => {
    const { url } = await serve(answer);
    await expect(pullAll(connectTo(url))).rejects.toMatchObject({ name: "TaxiiFault", code });
  });

  it.each([
    ["429", "120", 120_000],
    ["503", "0", 0],
    ["503", "soon", undefined],
  ])("%s asks to wait", async (status, after, retryAfterMs) => {
    const { url } = await serve(({ response }) => {
      const body = JSON.stringify({ title: "Too much\u001b[31m\nat once" });
      response.writeHead(Number(status), { "retry-after": after }).end(body);
    });
    const fault = pullAll(connectTo(url));
    await expect(fault).rejects.toMatchObject({ code: "busy", status: Number(status), retryAfterMs });
    await expect(fault).rejects.toThrow(/later \(\d+\): Too much \[31m at once$/);
  });
});

async function drip(response: Asked["response"], body: string, pauseMs: number): Promise<void> {
  response.writeHead(200, { "content-type": TAXII_MEDIA_TYPE });
  for (const octet of Buffer.from(body)) {
    if (response.destroyed) return;
    response.write(Buffer.of(octet));
    await sleep(pauseMs);
  }
  response.end();
}

describe("what a server may cost is bounded", () => {
  const limits = {
    ...PULL_LIMITS,
    headersMs: 300,
    idleMs: 300,
    bodyMs: 600,
    pageBytes: 200_000,
    objectBytes: 10_000,
  };
  const silent = (): void => undefined;
  const stalls = ({ response }: Asked): void => {
    response.writeHead(200, { "content-type": TAXII_MEDIA_TYPE }).write('{"objects":[');
  };
  const endless = ({ response }: Asked): void => {
    response.writeHead(200, { "content-type": TAXII_MEDIA_TYPE }).write('{"objects":[');
    const object = Buffer.from(`${JSON.stringify(objectOf(idOf(1)))},`.repeat(100));
    const write = (): void => {
      while (!response.destroyed && response.write(object));
    };
    response.on("drain", write);
    write();
  };
  const bomb = raw(gzipSync(`{"x":"${" ".repeat(5_000_000)}"}`), { "content-encoding": "gzip" });
  const huge = raw(JSON.stringify({ objects: [{ a: "x".repeat(20_000) }, objectOf(idOf(1))] }));

  it.each([
    ["no answer", silent, "too-slow"],
    ["an answer that stalls", stalls, "too-slow"],
    ["an answer that drips", ({ response }: Asked) => void drip(response, text.repeat(9), 20), "too-slow"],
    ["an answer without end", endless, "too-large"],
    ["a bomb in gzip", bomb, "too-large"],
    ["a next that is huge", raw(`{"more":true,"next":"${"n".repeat(100_000)}"}`), "too-large"],
  ])("%s", async (_name, answer, code) => {
    const { url } = await serve(answer);
    const began = performance.now();
    await expect(pullAll(connectTo(url, { limits }))).rejects.toMatchObject({ code });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it("what is no success is not waited for, however it drips", async () => {
    const dripping = ({ response }: Asked): void => {
      response.writeHead(500);
      const writing = setInterval(() => response.write(" "), 20);
      response.once("close", () => clearInterval(writing));
    };
    const { url } = await serve(dripping);
    const began = performance.now();
    await expect(pullAll(connectTo(url))).rejects.toMatchObject({ code: "server-error" });
    expect(performance.now() - began).toBeLessThan(PULL_LIMITS.idleMs);
  });

  it("nor are more headers taken than an answer needs", async () => {
    const flood = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`x-${n}`, "x".repeat(1_000)]));
    const { url } = await serve(raw(text, flood));
    await expect(pullAll(connectTo(url))).rejects.toMatchObject({ code: "too-large" });
  });

  it("one object that is huge is passed over, and told", async () => {
    const { url } = await serve(huge);
    const { ids, parts } = await pullAll(connectTo(url, { limits }));
    expect(ids).toEqual([idOf(1)]);
    expect(parts.at(-1)).toMatchObject({ more: false, tooLarge: 1 });
  });

  it("and ends when its caller wishes", async () => {
    const { url } = await serve(stalls);
    const stop = new AbortController();
    const pulled = pullAll(connectTo(url, { signal: stop.signal }));
    setTimeout(() => stop.abort(new Error("enough")), 50);
    await expect(pulled).rejects.toThrow("enough");
  });
});

describe("credentials", () => {
  const credential = { user: "name", secret: "hush:hush" };
  const seen = (server: FakeServer) => server.asked.map(({ request }) => request.headers.authorization);

  it("go by Basic or Bearer", async () => {
    const server = await serve(() => ({}));
    await pullAll(connectTo(server.url, { credential }));
    await pullAll(connectTo(server.url, { credential: { token: "abc" } }));
    expect(seen(server)).toEqual([`Basic ${Buffer.from("name:hush:hush").toString("base64")}`, "Bearer abc"]);
  });

  it("follow a redirect within their origin", async () => {
    const server = await serve(({ url, response }) => {
      if (url.pathname.startsWith("/moved/")) return {};
      response.writeHead(308, { location: `/moved${url.pathname}${url.search}` }).end();
      return undefined;
    });
    await pullAll(connectTo(server.url, { credential }));
    expect(seen(server).every((header) => header?.startsWith("Basic "))).toBe(true);
    expect(server.asked.map(({ url }) => url.pathname)).toEqual([
      "/root/collections/c/objects/",
      "/moved/root/collections/c/objects/",
    ]);
  });

  it("do not go to another origin: neither by a redirect nor to an API root there", async () => {
    const other = await serve(() => ({}));
    const redirecting = await serve(
      ({ response }) => void response.writeHead(302, { location: other.url }).end(),
    );
    const rooted = await serve(() => ({ title: "t", api_roots: [`${other.url}/api/`] }));
    const pulled = pullAll(connectTo(redirecting.url, { credential }));
    await expect(pulled).rejects.toMatchObject({ code: "redirected" });
    await expect(pulled).rejects.not.toThrow(/hush/);
    const found = findCollection(connectTo(rooted.url, { credential }));
    await expect(found).rejects.toMatchObject({ code: "redirected" });
    expect(other.asked).toEqual([]);
    await pullAll(connectTo(redirecting.url));
    expect(seen(other)).toEqual([undefined]);
  });
});

test.each([
  ["with a version alone", TAXII_MEDIA_TYPE],
  ["with a space alone", "application/taxii+json; version=2.1"],
  ["without a version alone", "application/taxii+json"],
  ["of anything", "*/*"],
])("a server that takes an Accept %s is found out once", async (_name, accepted) => {
  const { url, asked } = await serve(({ request, response }) => {
    if (request.headers.accept === accepted) return sendJson(response, { more: false });
    response.writeHead(406).end();
    return undefined;
  });
  const connection = connectTo(url);
  await pullAll(connection);
  const tries = asked.length;
  await pullAll(connection);
  expect(asked.length).toBe(tries + 1);
});

test("memory stays at a part, however long the page", async () => {
  const object = JSON.stringify(objectOf(idOf(1), { description: "x".repeat(2_000) }));
  const count = 100_000;
  const { url } = await serve(({ response }) => {
    response.writeHead(200, { "content-type": TAXII_MEDIA_TYPE }).write('{"objects":[');
    let n = 0;
    const write = (): void => {
      while (n < count)
        if (!response.write(`${n++ === 0 ? "" : ","}${object.replace(idOf(1), idOf(n))}`)) return;
      response.end("]}");
    };
    response.on("drain", write);
    write();
  });
  const hash = createHash("sha256");
  const before = bytesInUse();
  let [objects, parts, most] = [0, 0, before];
  const connection = connectTo(url, { limits: { ...PULL_LIMITS, partBytes: 1024 * 1024 } });
  const collection = { url: new URL("/c/", url), id: "c", title: "c" };
  for await (const part of pullObjects(connection, collection, { from: {}, limit: 1, mostPages: 1 })) {
    for (const { text: one } of part.objects) hash.update(one);
    objects += part.objects.length;
    if (parts++ % 20 === 0) most = Math.max(most, bytesInUse());
  }
  expect(objects).toBe(count);
  expect(parts).toBeGreaterThan(100);
  expect((most - before) / (1024 * 1024)).toBeLessThan(100); // of a page of 216 MB
});

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What is held, without the garbage that the collector has not come to yet. */
function bytesInUse(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
