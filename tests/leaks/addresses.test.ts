import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/**
 * What the tables of the leak tests are complete over: routes of the contract and TAXII's addresses. Whatever is served
 * beside these is named here, with what it tells; a new one has to be put into a table, or to be added with a reason.
 */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Pages and signs of life: the same for everybody, whoever asks. */
const FOR_EVERYBODY = [
  "/",
  "/docs",
  "/favicon.ico",
  "/healthz",
  "/metrics",
  "/openapi.json",
  "/policies",
  "/problems",
  "/problems/:code",
  "/readyz",
  "/sign-in",
  "/style.css",
];

/** Files that register addresses of another form, and whose these are. */
const REGISTRARS = {
  "packages/runtime/src/http/handle.ts": "every route of the contract",
  "packages/runtime/src/http/openapi.ts": "the same once more, to be described and never served",
  "services/exchange/src/routes/taxii.ts": "TAXII's addresses",
  "services/feed/src/routes/live.ts": "/v1/live of the contract",
};

const sources = globSync(["packages/*/src/**/*.ts", "services/*/src/**/*.ts"], { cwd: ROOT })
  .filter((path) => !path.endsWith(".test.ts") && !path.startsWith("packages/client/"))
  .map((path) => ({ path: path.replaceAll("\\", "/"), text: readFileSync(join(ROOT, path), "utf8") }));

test("what is served beside contract and TAXII is the same for everybody", () => {
  const direct = /\.(?:get|post|put|patch|delete|head|options|all)\(\s*["'`](\/[^"'`$]*)["'`]/g;
  const found = sources.flatMap(({ text }) => [...text.matchAll(direct)].map(([, path]) => path));
  expect(found.toSorted()).toEqual(FOR_EVERYBODY);
});

test("nothing else registers addresses", () => {
  const found = sources.filter(({ text }) => /\.route\(/.test(text)).map(({ path }) => path);
  expect(found.toSorted()).toEqual(Object.keys(REGISTRARS));
});
