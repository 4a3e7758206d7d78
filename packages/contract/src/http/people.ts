import { z } from "zod";
import { OrganisationCode, Role } from "../principal.ts";
import { defineRoute } from "./define.ts";
import { IssuedKey, OwnRoles } from "./identity.ts";
import { IdParams, Instant, Label, PageQuery, pageOf } from "./shared.ts";

export const Person = z.object({
  id: z.uuid(),
  organisation: OrganisationCode,
  title: z.string().describe("Name or function"),
  email: z.string().nullable(),
  roles: z.array(Role),
  status: z.enum(["active", "removed"]),
});
export type Person = z.infer<typeof Person>;

const tag = "identity";

export const listPeople = defineRoute({
  method: "GET",
  path: "/v1/people",
  tag,
  summary: "People of your member",
  roles: ["officer", "operator"],
  query: PageQuery,
  status: 200,
  reply: pageOf(Person),
  problems: ["bad-cursor"],
});

export const createPerson = defineRoute({
  method: "POST",
  path: "/v1/people",
  tag,
  summary: "Add a person to your member or one of its agencies",
  roles: ["officer"],
  body: z.strictObject({
    organisation: OrganisationCode.optional(),
    title: Label,
    email: z.email().optional(),
    roles: OwnRoles,
  }),
  status: 201,
  reply: Person,
  problems: ["unknown-member"],
});

export const removePerson = defineRoute({
  method: "DELETE",
  path: "/v1/people/:id",
  tag,
  summary: "Remove a person, void the person's links and revoke the sessions",
  roles: ["officer", "operator"],
  params: IdParams,
  status: 200,
  reply: Person,
  problems: ["not-found"],
});

export const createSignInLink = defineRoute({
  method: "POST",
  path: "/v1/people/:id/sign-in-link",
  tag,
  summary: "A one-time sign-in link for a person, good for 15 minutes",
  roles: ["officer"],
  params: IdParams,
  status: 201,
  reply: z.object({ link: z.string(), token: z.string(), expiresAt: Instant }),
  problems: ["not-found"],
});

export const signIn = defineRoute({
  method: "POST",
  path: "/v1/sign-in",
  tag,
  summary: "Exchange a one-time sign-in token for a session key of twelve hours",
  roles: "anyone",
  body: z.strictObject({ token: z.string().min(10).max(200) }),
  status: 201,
  reply: IssuedKey,
  problems: ["unauthenticated"],
});

export const peopleRoutes = { listPeople, createPerson, removePerson, createSignInLink, signIn };
