import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { answerError } from "./problems.ts";

type AnswerError = (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => unknown;

export type ErrorsBelow = Map<string, AnswerError>;

/**
 * How errors are told below a path (`/taxii2/`) whose protocol has its own form for them. A scope's error handler does
 * that for its routes; a path that cannot be decoded is refused before it leads to one.
 */
export function tellErrorsBelow(app: FastifyInstance, path: string, answer: AnswerError): void {
  app.errorsBelow.set(path, answer);
}

export function answerUnrouted(below: ErrorsBelow): AnswerError {
  return (error, request, reply) => {
    const [, answer = answerError] = [...below].find(([path]) => request.url.startsWith(path)) ?? [];
    const answered = async (): Promise<unknown> => await answer(error, request, reply);
    // No route waits for it.
    answered().catch((cause: unknown) => request.log.debug({ err: cause }, "a refusal broke off"));
  };
}

declare module "fastify" {
  interface FastifyInstance {
    errorsBelow: ErrorsBelow;
  }
}
