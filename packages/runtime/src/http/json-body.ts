import { AppError } from "@suar/contract";
import { FormatError, parseJsonBounded } from "@suar/formats";
import type { FastifyInstance } from "fastify";

/** JSON bodies of ordinary calls are small; submissions read their bytes themselves. */
export const JSON_BODY_LIMIT = 2 * 1024 * 1024;
const DEEPEST = 64;

/**
 * Parses JSON bodies with the same bounded parser that reads submissions: depth before parsing, fatal UTF-8,
 * no prototype keys. An empty body is `undefined`, so that calls without one need no `{}`.
 */
export function registerJsonBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers(); // the framework would take text/plain, too
  app.addContentTypeParser(
    "application/json",
    { parseAs: "buffer", bodyLimit: JSON_BODY_LIMIT },
    (_request, body, done) => {
      const bytes = body as Buffer;
      if (bytes.length === 0) return done(null, undefined);
      try {
        done(null, parseJsonBounded(bytes, { maxBytes: JSON_BODY_LIMIT, maxDepth: DEEPEST }));
      } catch (error) {
        done(error instanceof FormatError ? problemFrom(error) : (error as Error));
      }
    },
  );
}

function problemFrom(error: FormatError): AppError {
  return new AppError(error.code, error.detail, { cause: error });
}
