import { z } from "zod";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { list, OpenVocabulary, Text } from "../type/property-types.ts";

/** §4.5 A person, an organisation, a group or a class of them. */
export const StixIdentity = z.looseObject({
  ...domainProperties("identity"), // 3.2
  name: Text, // 4.5.1
  description: Text.optional(), // 4.5.1
  roles: list(Text).optional(), // 4.5.1
  identity_class: OpenVocabulary.optional(), // 4.5.1, identity-class-ov
  sectors: list(OpenVocabulary).optional(), // 4.5.1, industry-sector-ov
  contact_information: Text.optional(), // 4.5.1
});
export type StixIdentity = z.infer<typeof StixIdentity>;

export const identity = defineType({
  type: "identity",
  section: "4.5",
  family: "sdo",
  schema: StixIdentity,
});
