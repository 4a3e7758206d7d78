import { z } from "zod";
import { GroupCode, OrganisationCode, RealmName, Role } from "../principal.ts";
import { Closing } from "./closing.ts";
import { defineRoute } from "./define.ts";
import { Instant, Label, PageQuery, pageOf } from "./shared.ts";

export const Organisation = z.object({
  code: OrganisationCode,
  member: z.string(),
  kind: z.enum(["cert", "agency"]),
  name: z.string(),
  sector: z.string().nullable(),
  status: z.enum(["active", "removed"]),
});
export type Organisation = z.infer<typeof Organisation>;

export const Member = Organisation.extend({
  languages: z.array(z.string()),
  confirmed: z.boolean().describe("False where the national CERT itself is not confirmed yet"),
});
export type Member = z.infer<typeof Member>;

/** One that was removed, and whether what it had is closed. */
export const RemovedOrganisation = Organisation.extend({ closing: Closing });
export const RemovedMember = Member.extend({ closing: Closing });

export const Key = z.object({
  id: z.string(),
  realm: RealmName,
  organisation: OrganisationCode.nullable(),
  roles: z.array(Role),
  label: z.string(),
  createdAt: Instant,
  expiresAt: Instant,
  revokedAt: Instant.nullable(),
  waits: z.boolean().describe("It opens nothing until an officer of another member confirms it"),
});
export type Key = z.infer<typeof Key>;

export const IssuedKey = Key.extend({ key: z.string().describe("Shown once; only its HMAC is kept") });
export type IssuedKey = z.infer<typeof IssuedKey>;

const tag = "identity";
/** Roles that can be given: an operator makes no second one. */
export const OwnRoles = z
  .array(Role.exclude(["operator"]))
  .min(1)
  .max(4);

export const whoAmI = defineRoute({
  method: "GET",
  path: "/v1/whoami",
  tag,
  summary: "Who this key is",
  roles: [],
  status: 200,
  reply: z.object({
    realm: RealmName,
    organisation: OrganisationCode.nullable(),
    member: z.string().nullable(),
    roles: z.array(Role),
    keyId: z.string(),
    personId: z.string().nullable(),
    expiresAt: Instant,
  }),
});

export const listMembers = defineRoute({
  method: "GET",
  path: "/v1/members",
  tag,
  summary: "The members of Suar",
  roles: [],
  query: PageQuery,
  status: 200,
  reply: pageOf(Member),
  problems: ["bad-cursor"],
});

export const removeMember = defineRoute({
  method: "DELETE",
  path: "/v1/members/:code",
  tag,
  summary: "Remove a member, its agencies and all their keys; open streams close within five seconds",
  roles: ["operator"],
  params: z.object({ code: OrganisationCode }),
  status: 200,
  reply: RemovedMember,
  problems: ["not-found"],
});

export const restoreMember = defineRoute({
  method: "POST",
  path: "/v1/members/:code/restore",
  tag,
  summary: "Take a removed member back; its old keys stay revoked",
  description:
    "It comes back with the agencies and people that were removed together with it, not with those removed before. Keys, sessions and sign-in links stay void: a new officer's key waits for another member's word.",
  roles: ["operator"],
  params: z.object({ code: OrganisationCode }),
  status: 200,
  reply: Member,
  problems: ["not-found", "conflict"],
});

export const Group = z.object({ code: GroupCode, name: z.string(), members: z.array(OrganisationCode) });
export type Group = z.infer<typeof Group>;

export const listGroups = defineRoute({
  method: "GET",
  path: "/v1/groups",
  tag,
  summary: "Names for several members, to which submissions and advisories can be addressed",
  description:
    "A group stands for the members that are in it, and active, when something is addressed to it.",
  roles: [],
  query: PageQuery,
  status: 200,
  reply: pageOf(Group),
  problems: ["bad-cursor"],
});

export const listAgencies = defineRoute({
  method: "GET",
  path: "/v1/agencies",
  tag,
  summary: "The agencies of your own member (of every member, for the operator)",
  description: "None in a drill, where members' CERTs alone take part.",
  roles: [],
  query: PageQuery,
  status: 200,
  reply: pageOf(Organisation),
  problems: ["bad-cursor"],
});

export const createAgency = defineRoute({
  method: "POST",
  path: "/v1/agencies",
  tag,
  summary: "Add an agency (ministry, bank, operator) to your own member",
  description:
    "Its code is the member's and a short name, as in SG:power-grid. TLP:AMBER for SG reaches it, AMBER+STRICT does not.",
  roles: ["officer"],
  body: z.strictObject({
    code: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{1,40}$/)
      .describe("Short name within the member"),
    name: Label,
    sector: Label,
  }),
  status: 201,
  reply: Organisation,
  problems: ["conflict"],
});

export const removeAgency = defineRoute({
  method: "DELETE",
  path: "/v1/agencies/:code",
  tag,
  summary: "Remove an agency of your own member, its people and their links, and revoke its keys",
  roles: ["officer"],
  params: z.object({ code: OrganisationCode }),
  status: 200,
  reply: RemovedOrganisation,
  problems: ["not-found"],
});

export const listKeys = defineRoute({
  method: "GET",
  path: "/v1/keys",
  tag,
  summary: "The keys that you may manage",
  description:
    "An officer sees those of the member and its agencies, the operator sees all, others their own organisation's.",
  roles: [],
  query: PageQuery,
  status: 200,
  reply: pageOf(Key),
  problems: ["bad-cursor"],
});

export const createKey = defineRoute({
  method: "POST",
  path: "/v1/keys",
  tag,
  summary: "Issue a machine key, shown once",
  description:
    "An officer issues for the own member and its agencies. The operator issues the officer's key of a member that has no officer, and no other; all but the platform's very first one wait for an officer of another member to confirm them.",
  roles: ["officer", "operator"],
  body: z.strictObject({
    organisation: OrganisationCode.optional().describe("Absent: your own"),
    roles: OwnRoles,
    label: Label,
    days: z.int().min(1).max(90).default(90),
    secondPerson: z
      .boolean()
      .default(false)
      .describe(
        "Somebody else than its issuer will hold it: it acts on its own word, and waits until an officer of another member has confirmed that",
      ),
  }),
  status: 201,
  reply: IssuedKey,
  problems: ["unknown-member", "quota-exceeded"],
});

export const confirmKey = defineRoute({
  method: "POST",
  path: "/v1/keys/:id/confirm",
  tag,
  summary: "Confirm a key of another member that waits: its first officer's, or a second person's",
  description:
    "For officers of member CERTs, once they know from the other member itself that the key is its own, and, of a second person's, from that person that it is nobody else's: whoever holds it sees what the member sees, and counts as a person of its own.",
  roles: ["officer"],
  params: z.object({ id: z.string().max(40) }),
  status: 200,
  reply: Key,
  problems: ["not-found"],
});

export const revokeKey = defineRoute({
  method: "DELETE",
  path: "/v1/keys/:id",
  tag,
  summary: "Revoke a key; its open streams close within five seconds",
  description: "Everybody may revoke the key in use.",
  roles: [],
  params: z.object({ id: z.string().max(40) }),
  status: 200,
  reply: Key,
  problems: ["not-found"],
});

export const identityRoutes = {
  whoAmI,
  listMembers,
  removeMember,
  restoreMember,
  listGroups,
  listAgencies,
  createAgency,
  removeAgency,
  listKeys,
  createKey,
  confirmKey,
  revokeKey,
};
