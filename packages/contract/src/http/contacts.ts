import { z } from "zod";
import { OrganisationCode } from "../principal.ts";
import { defineRoute } from "./define.ts";
import { IdParams, Instant, Label, PageQuery, pageOf } from "./shared.ts";

/** A person to whom TLP:RED can be sent, as that person's member shows it to all. */
export const Contact = z.object({
  person: z.uuid().describe("To be named as to=person:<id>"),
  organisation: OrganisationCode,
  title: z.string().describe("Name or function, as published"),
  publishedAt: Instant,
});
export type Contact = z.infer<typeof Contact>;

const tag = "identity";

export const listContacts = defineRoute({
  method: "GET",
  path: "/v1/contacts",
  tag,
  summary: "The people of all members to whom TLP:RED can be sent, newest first",
  description:
    "Officers publish them. Nobody else can be named in to=person:…, and naming an id that is not here is answered as naming one that there is none of.",
  roles: ["analyst", "officer"],
  query: PageQuery,
  status: 200,
  reply: pageOf(Contact),
  problems: ["bad-cursor"],
});

export const publishContact = defineRoute({
  method: "PUT",
  path: "/v1/people/:id/contact",
  tag,
  summary: "Publish a person of your member as a contact for TLP:RED, or change the title shown",
  roles: ["officer"],
  params: IdParams,
  body: z.strictObject({ title: Label }),
  status: 200,
  reply: Contact,
  problems: ["not-found"],
});

export const endContact = defineRoute({
  method: "DELETE",
  path: "/v1/people/:id/contact",
  tag,
  summary: "Take a person back from the contacts, and close the inbox for good",
  description:
    "What was sent to the person is not readable any more from then on, also when the person is published again: that begins with an empty inbox. Removing the person, the organisation or the member does the same.",
  roles: ["officer"],
  params: IdParams,
  status: 204,
  reply: z.undefined(),
  problems: ["not-found"],
});

export const contactRoutes = { listContacts, publishContact, endContact };
