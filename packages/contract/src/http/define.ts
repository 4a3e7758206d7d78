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
  /** Set where the route reads the raw body itself (any media type). */
  rawBody?: boolean;
  status: number;
  reply: Reply;
  /** Other answers than refusals, by status, where a parameter asks for them. */
  otherReplies?: Readonly<Record<number, z.ZodType>>;
  problems?: readonly ProblemCode[];
};

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
