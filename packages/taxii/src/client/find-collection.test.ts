import { afterEach, describe, expect, it } from "vitest";
import { connectTo, type FakeServer, fakeServer } from "../testing/fake-server.ts";
import { findCollection } from "./find-collection.ts";

let server: FakeServer | undefined;
afterEach(async () => await server?.close());

const ONE = { id: "472C94AE-3113-4e3e-a4dd-a9f4ac747151", title: "Everything", alias: "all", can_read: true };
const TWO = { id: "9cfa669c-ee94-4ece-afd2-f8edac37d8fd", title: "Closed", can_read: false };
const TWIN = { id: "1f2f6b4e-9b5b-4a7f-a5f3-1b8f5d7cbb01", title: "everything", can_read: true };
const ROOT = { title: "r", versions: ["application/taxii+json;version=2.1"], max_content_length: 1 };

async function serve(resources: Record<string, unknown>): Promise<string> {
  server = await fakeServer(({ url: { pathname }, response }) => {
    const value = resources[pathname];
    if (value === undefined) response.writeHead(404).end();
    return value;
  });
  return server.url;
}

const SERVER = {
  "/taxii2/": { title: "t", default: "/two/", api_roots: ["/one/", "/two/"] },
  "/one/": ROOT,
  "/one/collections/": { collections: [ONE] },
  "/two/": ROOT,
  "/two/collections/": { collections: [TWO, TWIN] },
  [`/one/collections/${ONE.id}/`]: ONE,
};

const found = async (address: string, wanted?: string) => {
  const { url, id } = await findCollection(connectTo(`${server?.url}${address}`), wanted);
  return [url.pathname, id];
};

describe("a collection is found", () => {
  it.each([
    ["from a bare host, by id in either case", "", ONE.id.toLowerCase(), ONE],
    ["from the discovery without its slash, by alias", "/taxii2", "all", ONE],
    ["from an API root, by title", "/one/", "EVERYTHING", ONE],
    ["from the collections", "/one/collections", "all", ONE],
    ["by its own address", `/one/collections/${ONE.id}/`, undefined, ONE],
    ["where there is only one that may be read", "/two", undefined, TWIN],
    ["in the default root before the others", "", "everything", TWIN],
  ])("%s", async (_name, address, wanted, expected) => {
    await serve(SERVER);
    const root = expected === ONE ? "one" : "two";
    expect(await found(address, wanted)).toEqual([`/${root}/collections/${expected.id}/`, expected.id]);
  });

  it.each([
    ["an absolute root", { "/taxii2/": { title: "t", api_roots: ["ORIGIN/one"] } }],
    ["a discovery at the host's own root", { "/taxii2/": undefined, "/": SERVER["/taxii2/"] }],
    ["a root that does not answer beside one that does", { "/two/collections/": undefined }],
    ["a path below which the discovery lies", { "/taxii2/": undefined, "/x/taxii2/": SERVER["/taxii2/"] }],
  ])("behind %s", async (_name, changes) => {
    const origin = await serve({});
    const resources = JSON.parse(JSON.stringify({ ...SERVER, ...changes }).replace("ORIGIN", origin));
    await server?.close();
    await serve(resources);
    if (JSON.stringify(resources).includes(origin)) return; // its port is gone with it
    expect((await found("/x/taxii2/" in changes ? "/x" : "", "all"))[1]).toBe(ONE.id);
  });
});

describe("no collection is found", () => {
  it("by a name that there is not: it names those that there are", async () => {
    await serve(SERVER);
    await expect(found("", "nothing")).rejects.toMatchObject({ code: "not-found" });
    await expect(found("", "nothing")).rejects.toThrow(
      /no collection nothing; there are: .*all \(Everything\)/,
    );
    await expect(found("")).rejects.toThrow(/^Name one of the collections/);
  });

  it("that may not be read", async () => {
    await serve(SERVER);
    await expect(found("/two", "closed")).rejects.toMatchObject({ code: "forbidden" });
  });

  it("by a title that two have", async () => {
    await serve({
      "/taxii2/": { title: "t", api_roots: ["/r/"] },
      "/r/collections/": { collections: [ONE, TWIN] },
    });
    await expect(found("", "Everything")).rejects.toThrow(/name one by its id/);
  });

  it.each([
    ["no root", { "/taxii2/": { title: "t" } }, "not-found"],
    ["roots that are none", { "/taxii2/": { title: "t", api_roots: [17, "http://["] } }, "not-found"],
    [
      "a root without collections",
      { "/taxii2/": { title: "t", api_roots: ["/r/"] }, "/r/collections/": {} },
      "not-found",
    ],
    [
      "collections that are no list",
      { "/taxii2/": { title: "t", api_roots: ["/r/"] }, "/r/collections/": { collections: 1 } },
      "not-taxii",
    ],
    ["nothing of TAXII", { "/": { hello: 1 }, "/taxii2/": [1] }, "not-taxii"],
    ["nothing at all", {}, "not-found"],
  ])("at a server with %s", async (_name, resources, code) => {
    await serve(resources);
    await expect(found("")).rejects.toMatchObject({ code });
  });
});
