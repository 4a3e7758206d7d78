import { createAddressGuard, guardedAgent } from "@suar/runtime";
import { Connection, findCollection, PULL_LIMITS } from "@suar/taxii";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addressRefusal, fetchBy } from "../../services/intake/src/pull/guarded-fetch.ts";
import { startTaxiiServer, type TaxiiServer } from "../support/taxii-server.ts";

/** What is pulled from is checked at each connection: a name may lead inside, and so may a redirect. */
let server: TaxiiServer;
beforeAll(async () => {
  server = await startTaxiiServer();
});
afterAll(async () => await server.close());

async function pullFrom(host: string, allowed: readonly string[]): Promise<string> {
  const agent = guardedAgent(createAddressGuard(allowed, "SUAR_SOURCE_ALLOW"), 2_000);
  const url = new URL(`http://${host}:${server.port}/taxii2/`);
  try {
    return (await findCollection(new Connection({ url, fetch: fetchBy(agent), limits: PULL_LIMITS }))).title;
  } catch (error) {
    return addressRefusal(error) === undefined ? String(error) : "refused";
  } finally {
    await agent.destroy();
  }
}

test.each(["localhost", "127.0.0.1", "[::ffff:127.0.0.1]", "[::1]", "2130706433", "0x7f.1", "0"])(
  "refuses %s at the moment of connecting",
  async (host) => {
    expect(await pullFrom(host, [])).toBe("refused");
    expect(server.authorizations.size).toBe(0);
  },
);

test("refuses a redirect to the inside, and follows one to where the operator allows", async () => {
  let to = "127.0.0.2";
  server.answer(({ headers, url }, response) => {
    if (headers.host?.startsWith("127.0.0.1:") !== true) return false;
    response.writeHead(307, { location: `http://${to}:${server.port}${url}` }).end();
    return true;
  });
  expect(await pullFrom("127.0.0.1", ["127.0.0.1/32"])).toBe("refused");
  to = "localhost";
  expect(await pullFrom("127.0.0.1", ["127.0.0.0/8", "::1/128"])).toBe("Theirs");
});
