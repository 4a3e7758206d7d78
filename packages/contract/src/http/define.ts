import { z } from "zod";
import type { ProblemCode } from "../errors.ts";
import type { Role } from "../principal.ts";

/** An HTTP resource's call, defined once: services serve it, the client calls it, the documentation shows it. */
export type RouteDefinition<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> = {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: `/${string}`;
  tag: string;
  summary: string;
  description?: string;
  /** Roles of which one is needed; empty: any valid key; "anyone": no key. */
  roles: readonly Role[] | "anyone";
  params?: Params;
  query?: Query;
  body?: Body;
  /** Set where a call changes nothing although its method is not GET: it goes on when a drill has ended. */
  onlyReads?: true;
  /** Set where the route reads the raw body itself: what it takes, by media type. */
  rawBodies?: Readonly<Record<string, z.ZodType>>;
  status: number;
  reply: Reply;
  /** The answer's media type where it is not JSON: its handler sends it as it is. */
  replyType?: string;
  /** Other answers than refusals, by status, where a parameter asks for them. */
  otherReplies?: Readonly<Record<number, z.ZodType>>;
  problems?: readonly ProblemCode[];
  /** Headers that it reads besides, for the documentation: what each is for, and whether it is needed. */
  headers?: Readonly<Record<string, { description: string; required: boolean }>>;
};

/** Of a caller, a text that names one call, however often it is sent. */
export const IdempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/)
  .describe("Makes a repeat harmless: the same call under the same key is done once, and answered again");

/** Every call that changes something, of somebody who is known (RFC 9110 §9.2.1); not one that is answered in lines. */
export function takesIdempotencyKey({
  method,
  roles,
  replyType,
}: Pick<RouteDefinition, "method" | "roles" | "replyType">): boolean {
  return method !== "GET" && roles !== "anyone" && replyType === undefined;
}

/** A query takes the parameters that it names and no others: one that is misspelled must not be passed over. */
export function defineRoute<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodType,
>(route: RouteDefinition<P, Q, B, R>): RouteDefinition<P, Q, B, R> {
  return { ...route, ...(route.query && { query: strictly(route.query) }) };
}

function strictly<S extends z.ZodType>(schema: S): S {
  return schema instanceof z.ZodObject ? (schema.strict() as unknown as S) : schema;
}
