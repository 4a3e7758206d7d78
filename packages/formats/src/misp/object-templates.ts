import { OBSERVABLE_TEMPLATES } from "./observable-templates.ts";
import { type Template, to } from "./template.ts";

const DESCRIPTION = to("description", "paragraph");
const ALIASES = to("aliases.[]");

/** What is described and not observed: SDOs. */
const DESCRIBED: Readonly<Record<string, Template>> = {
  person: {
    type: "identity",
    fixed: { identity_class: "individual" },
    needs: ["name"],
    fields: {
      "full-name": to("name"),
      "first-name": to("name", "word"),
      "middle-name": to("name", "word"),
      "last-name": to("name", "word"),
      alias: to("name"),
      role: to("roles.[]"),
      title: to("roles.[]"),
      text: DESCRIPTION,
      "e-mail": to("contact_information", "line"),
      "phone-number": to("contact_information", "line"),
      "fax-number": to("contact_information", "line"),
      address: to("contact_information", "line"),
    },
  },
  employee: {
    type: "identity",
    fixed: { identity_class: "individual" },
    needs: ["name"],
    fields: {
      "full-name": to("name"),
      "first-name": to("name", "word"),
      "last-name": to("name", "word"),
      "employee-type": to("roles.[]"),
      text: DESCRIPTION,
      "email-address": to("contact_information", "line"),
      "primary-asset": to("contact_information", "line"),
    },
  },
  organization: {
    type: "identity",
    fixed: { identity_class: "organization" },
    needs: ["name"],
    fields: {
      name: to("name"),
      description: DESCRIPTION,
      role: to("roles.[]"),
      type: to("roles.[]"),
      sector: to("sectors.[]"),
      "e-mail": to("contact_information", "line"),
      "phone-number": to("contact_information", "line"),
      "fax-number": to("contact_information", "line"),
      address: to("contact_information", "line"),
    },
  },
  "legal-entity": {
    type: "identity",
    fixed: { identity_class: "organization" },
    needs: ["name"],
    fields: {
      name: to("name"),
      text: DESCRIPTION,
      business: to("sectors.[]"),
      "phone-number": to("contact_information", "line"),
      website: to("contact_information", "line"),
    },
  },
  vulnerability: {
    type: "vulnerability",
    needs: ["name"],
    fields: {
      id: to("name"),
      summary: DESCRIPTION,
      description: DESCRIPTION,
      text: DESCRIPTION,
      references: to("external_references.[]", "link"),
    },
  },
  "attack-pattern": {
    type: "attack-pattern",
    needs: ["name"],
    fields: { name: to("name"), summary: DESCRIPTION, id: to("external_references.[]", "capec") },
  },
  "course-of-action": {
    type: "course-of-action",
    needs: ["name"],
    fields: { name: to("name"), description: DESCRIPTION, type: to("labels.[]") },
  },
  malware: {
    type: "malware",
    fixed: { is_family: false },
    needs: ["name", "malware_types", "description"],
    fields: {
      name: to("name"),
      description: DESCRIPTION,
      alias: ALIASES,
      is_family: to("is_family", "flag"),
      malware_type: to("malware_types.[]"),
      first_seen: to("first_seen", "time"),
      last_seen: to("last_seen", "time"),
      architecture_execution_env: to("architecture_execution_envs.[]"),
      implementation_language: to("implementation_languages.[]"),
      capability: to("capabilities.[]"),
    },
  },
  tool: {
    type: "tool",
    needs: ["name"],
    fields: {
      name: to("name"),
      description: DESCRIPTION,
      alias: ALIASES,
      tool_type: to("tool_types.[]"),
      version: to("tool_version"),
    },
  },
  "intrusion-set": {
    type: "intrusion-set",
    needs: ["name"],
    fields: {
      name: to("name"),
      description: DESCRIPTION,
      aliases: ALIASES,
      goals: to("goals.[]"),
      first_seen: to("first_seen", "time"),
      last_seen: to("last_seen", "time"),
      resource_level: to("resource_level"),
      "primary-motivation": to("primary_motivation"),
      "secondary-motivation": to("secondary_motivations.[]"),
    },
  },
  "threat-actor": {
    type: "threat-actor",
    needs: ["name"],
    fields: { name: to("name"), description: DESCRIPTION, alias: ALIASES, roles: to("roles.[]") },
  },
  campaign: {
    type: "campaign",
    needs: ["name"],
    fields: { name: to("name"), description: DESCRIPTION, alias: ALIASES, objective: to("objective") },
  },
  "av-signature": {
    type: "malware-analysis",
    fixed: { result: "malicious" },
    needs: ["product"],
    fields: {
      software: to("product"),
      signature: to("result_name"),
      datetime: to("submitted", "time"),
    },
  },
  geolocation: {
    type: "location",
    needs: ["country", "region", "latitude"],
    fields: {
      latitude: to("latitude", "number"),
      longitude: to("longitude", "number"),
      countrycode: to("country", "country"),
      country: to("country", "country"),
      region: to("administrative_area"),
      city: to("city"),
      address: to("street_address"),
      zipcode: to("postal_code"),
      text: DESCRIPTION,
    },
  },
};

/** MISP's object templates with a counterpart in STIX; of all others, what their attributes hold. */
export const TEMPLATES: ReadonlyMap<string, Template> = new Map(
  Object.entries({ ...DESCRIBED, ...OBSERVABLE_TEMPLATES }),
);
