import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { sameBytes } from "@suar/runtime";
import { answerTaxii, refusal, type TaxiiAnswer, TaxiiError } from "@suar/taxii";
import { Fixture, FixtureSource } from "@suar/taxii/testing/fixture-source";

const USAGE = `npm run taxii:fixture -- FILE [--port N] [--user NAME:SECRET]…

Serves the discovery, API roots, statuses and collections of FILE with the platform's own TAXII 2.1 code, on
127.0.0.1, so that any TAXII client or suite can be tried on it. Callers authenticate by Basic; without --user,
everybody is let in. See tests/conformance/fixture.example.json.`;

const OPTIONS = { mostRecords: 1_000, challenge: 'Basic realm="TAXII fixture", charset="UTF-8"' };

export type FixtureServer = { url: string; close(): Promise<void> };

/** Serves a fixture until it is closed. `users` are `name:secret`. */
export async function serveFixture(
  fixture: Fixture,
  { port, users }: { port: number; users: readonly string[] },
): Promise<FixtureServer> {
  const source = new FixtureSource(fixture);
  const server = createServer((request, response) => {
    answer(source, users, request)
      .then(async (answered) => await send(response, answered))
      .catch((error: unknown) => {
        process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
        response.destroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(
  source: FixtureSource,
  users: readonly string[],
  request: IncomingMessage,
): Promise<TaxiiAnswer> {
  const url = URL.parse(request.url ?? "/", "http://127.0.0.1");
  const path = decoded(url?.pathname);
  if (url === null || path === undefined)
    return refusal(new TaxiiError(400, "The address is not properly encoded"));
  const { authorization, accept, "content-type": contentType } = request.headers;
  return await answerTaxii(
    source,
    isLetIn(users, authorization) ? true : undefined,
    {
      method: request.method ?? "GET",
      path,
      query: url.searchParams,
      headers: { accept, "content-type": contentType },
      body: request,
    },
    OPTIONS,
  );
}

async function send(response: ServerResponse, { status, headers, body }: TaxiiAnswer): Promise<void> {
  response.writeHead(status, headers);
  if (body === undefined || typeof body === "string") response.end(body);
  else await pipeline(Readable.from(body), response);
}

function isLetIn(users: readonly string[], authorization: string | undefined): boolean {
  if (users.length === 0) return true;
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization ?? "") ?? [];
  const given = Buffer.from(encoded ?? "", "base64");
  return users.some((user) => sameBytes(given, Buffer.from(user)));
}

function decoded(path: string | undefined): string | undefined {
  try {
    return path && decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const { file, port, users } = readCommandLine();
  const server = await serveFixture(readFixture(file), { port, users }).catch((error: unknown) =>
    end(`port ${port} cannot be listened on: ${messageOf(error)}`, 1),
  );
  process.stdout.write(`serving ${file} on ${server.url}/taxii2/ (Ctrl-C ends)\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void server.close());
}

function readCommandLine(): { file: string; port: number; users: string[] } {
  const { values, positionals } = parsedArguments();
  const [file, ...others] = positionals;
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
  if (values.help) {
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  }
  if (file === undefined || others.length > 0) end(USAGE, 2);
  if (!(port <= 65_535)) end("--port: a number up to 65535", 2);
  if (!values.user.every((user) => user.includes(":"))) end("--user: NAME:SECRET, with a colon", 2);
  return { file, port, users: values.user };
}

function parsedArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        port: { type: "string", default: "0" },
        user: { type: "string", multiple: true, default: [] },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    return end(messageOf(error), 2);
  }
}

function readFixture(file: string): Fixture {
  try {
    const parsed = Fixture.safeParse(JSON.parse(readFileSync(file, "utf8")));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    return end(`${file} is no fixture: /${issue?.path.map(String).join("/")} ${issue?.message}`, 1);
  } catch (error) {
    return end(`${file} cannot be read: ${messageOf(error)}`, 1);
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, " ");
}

function end(message: string, code: number): never {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}
