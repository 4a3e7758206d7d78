import { z } from "zod";
import { extensionsOf } from "../extension/extensions-of.ts";
import { AnyIncidentCore, INCIDENT_CORE } from "../incident/incident-core.ts";
import { domainProperties } from "../type/object-properties.ts";
import { defineType } from "../type/object-type.ts";
import { Text } from "../type/property-types.ts";

/** §4.6 A stub in the specification; the incident suite and other extensions say the rest. */
export const StixIncident = z.looseObject({
  ...domainProperties("incident"), // 3.2
  extensions: extensionsOf({ [INCIDENT_CORE]: AnyIncidentCore }), // 3.2, 7.3
  name: Text, // 4.6.1
  description: Text.optional(), // 4.6.1
});
export type StixIncident = z.infer<typeof StixIncident>;

export const incident = defineType({
  type: "incident",
  section: "4.6",
  family: "sdo",
  schema: StixIncident,
});
