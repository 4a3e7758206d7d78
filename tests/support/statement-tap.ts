import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import pg from "pg";

/**
 * Loaded into a platform under test before anything else (NODE_OPTIONS=--import): writes down every SQL statement that
 * is sent on behalf of a request which bears the header `x-tap`, with the connection that it goes by. The platform
 * itself knows nothing of it.
 */
const file = process.env.SUAR_TEST_TAP;
if (file === undefined) throw new Error("SUAR_TEST_TAP names no file");

const requests = new AsyncLocalStorage<string>();

subscribe("http.server.request.start", (message) => {
  const { request } = message as { request: IncomingMessage };
  const tag = request.headers["x-tap"];
  if (typeof tag === "string") requests.enterWith(tag);
});

type Query = (this: pg.Client, ...given: unknown[]) => unknown;
type Connect = (this: pg.Pool, done?: (...given: unknown[]) => void) => unknown;

const client = pg.Client.prototype as unknown as { query: Query };
const { query } = client;
client.query = function tapped(...given) {
  const tag = requests.getStore();
  if (tag !== undefined) {
    const sent = given[0] as string | { text?: string };
    const text = typeof sent === "string" ? sent : (sent.text ?? "");
    const { connectionParameters } = this as unknown as { connectionParameters: Record<string, unknown> };
    const by = connectionParameters.application_name;
    appendFileSync(file, `${JSON.stringify({ tag, by, text })}\n`);
  }
  return query.apply(this, given);
};

// A pool calls back from the request that gave a connection back, or from its socket: the one that waited is meant.
const pool = pg.Pool.prototype as unknown as { connect: Connect };
const { connect } = pool;
pool.connect = function tapped(done) {
  return connect.call(this, done && AsyncResource.bind(done));
};
