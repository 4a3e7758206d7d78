import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { PROBLEMS, readLog } from "@suar/contract";
import {
  describeProblem,
  drainBody,
  heldOpen,
  type OrganisationCaller,
  type Platform,
  requireOrganisation,
  requireRole,
  takeRawBodies,
  tellErrorsBelow,
} from "@suar/runtime";
import { answerTaxii, refusal, type TaxiiAnswer, TaxiiError, type TaxiiRequest } from "@suar/taxii";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { noteAnswer } from "../note-answer.ts";
import { LiveSource } from "../taxii/live-source.ts";

const OPTIONS = { mostRecords: 5_000, challenge: 'Basic realm="suar", charset="UTF-8", Bearer realm="suar"' };

/** TAXII 2.1 over the caller's log: every path below `/taxii2`, with TAXII's own errors and media type. */
export async function registerTaxii(app: FastifyInstance, platform: Platform): Promise<void> {
  tellErrorsBelow(app, "/taxii2/", answerError);
  await app.register(async (scope) => {
    takeRawBodies(scope);
    scope.setErrorHandler(answerError);
    for (const url of ["/taxii2", "/taxii2/*"]) {
      scope.route({
        method: ["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"],
        url,
        exposeHeadRoute: false,
        schema: { hide: true } as never,
        handler: async (request, reply) => await answer(platform, request, reply),
      });
    }
  });
}

async function answer(platform: Platform, request: FastifyRequest, reply: FastifyReply) {
  const body = heldOpen((request.body ?? nothing()) as AsyncIterable<Uint8Array>);
  try {
    const identify = async (): Promise<OrganisationCaller> => {
      const principal = await platform.authenticator.principal(
        bearerOf(request.headers.authorization),
        request.ip,
      );
      requireRole(principal, readLog.roles as readonly string[]);
      return requireOrganisation(principal);
    };
    const caller = await identify();
    const realm = await platform.realms.of(caller);
    const source = new LiveSource(platform, realm, identify);
    const answered = await answerTaxii(source, caller, requestOf(request, body), OPTIONS);
    if (answered.status >= 400) void drainBody(request, body);
    noteAnswer(reply, { realm, caller, channel: "taxii" }, () => source.handed);
    return await send(reply, answered);
  } catch (error) {
    void drainBody(request, body);
    throw error;
  }
}

async function answerError(error: FastifyError, request: FastifyRequest, reply: FastifyReply) {
  return await send(reply, refusal(taxiiErrorOf(error, request)));
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

function requestOf(request: FastifyRequest, body: AsyncIterable<Uint8Array>): TaxiiRequest {
  const { pathname, searchParams } = new URL(request.url, "http://taxii");
  const { accept, "content-type": contentType } = request.headers;
  return {
    method: request.method === "HEAD" ? "GET" : request.method,
    path: decodeURIComponent(pathname),
    query: searchParams,
    headers: { accept, "content-type": contentType },
    body,
  };
}

const KEY = /^suar_/;

/** RFC 7617: the user is the key's id and the password its secret, or the whole key. What is neither stays as it is. */
export function bearerOf(authorization: string | undefined): string | undefined {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]{1,1000})$/i.exec(authorization ?? "") ?? [];
  if (encoded === undefined) return authorization;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return authorization;
  const [user, password] = [text.slice(0, colon), text.slice(colon + 1)];
  return `Bearer ${KEY.test(password) ? password : `suar_${user}_${password}`}`;
}

/** The platform's problems as TAXII's errors (§3.6.1): the same status, and the code in `details`. */
function taxiiErrorOf(error: FastifyError, request: FastifyRequest): TaxiiError {
  const { code, detail } = describeProblem(error);
  const { status, title } = PROBLEMS[code];
  if (code === "internal") request.log.error({ err: error }, "request failed");
  else if (code === "unavailable") request.log.warn({ reason: error.message }, "cannot answer just now");
  return new TaxiiError(status, detail ?? title, {
    details: { code },
    headers: {
      ...(status === 401 && { "www-authenticate": OPTIONS.challenge }),
      ...(status === 503 && { "retry-after": "1" }),
    },
    cause: error,
  });
}

/** A body in parts goes out at the client's pace; the handler is busy until then, so that a stop waits for it. */
async function send(reply: FastifyReply, { status, headers, body }: TaxiiAnswer): Promise<FastifyReply> {
  reply.code(status).headers(headers);
  if (reply.request.method === "HEAD") return reply.send();
  // As bytes: fastify would write the media type of a text in its own way, with a charset that it does not have.
  if (body === undefined || typeof body === "string") return reply.send(Buffer.from(body ?? ""));
  const stream = Readable.from(body);
  reply.send(stream);
  await finished(stream).catch((error: unknown) => reply.log.debug({ err: error }, "a page broke off"));
  return reply;
}
