import { all, type Properties } from "./shape.ts";

/*
 * The custom properties of MITRE ATT&CK, by exact name, on the types for which its data model (version 3) defines
 * them. Contributors are people.
 */

const OF_ALL: Properties = {
  ...all("plain", "x_mitre_modified_by_ref x_mitre_deprecated"),
  ...all("prose", "x_mitre_version x_mitre_attack_spec_version x_mitre_domains"),
};

const CONTRIBUTED: Properties = { x_mitre_contributors: "person" };

const OF_SOFTWARE: Properties = {
  ...OF_ALL,
  ...CONTRIBUTED,
  ...all("prose", "x_mitre_platforms x_mitre_aliases"),
};

export const ATTACK_PROPERTIES: Readonly<Record<string, Properties>> = {
  "attack-pattern": {
    ...OF_ALL,
    ...CONTRIBUTED,
    ...all("plain", "x_mitre_is_subtechnique x_mitre_network_requirements x_mitre_remote_support"),
    ...all(
      "prose",
      `x_mitre_detection x_mitre_platforms x_mitre_data_sources x_mitre_defense_bypassed
       x_mitre_effective_permissions x_mitre_impact_type x_mitre_permissions_required
       x_mitre_system_requirements x_mitre_tactic_type`,
    ),
  },
  campaign: {
    ...OF_ALL,
    ...CONTRIBUTED,
    ...all("prose", "x_mitre_first_seen_citation x_mitre_last_seen_citation"),
  },
  "course-of-action": OF_ALL,
  identity: OF_ALL,
  "intrusion-set": { ...OF_ALL, ...CONTRIBUTED },
  malware: OF_SOFTWARE,
  "marking-definition": all("prose", "x_mitre_attack_spec_version x_mitre_domains"),
  relationship: OF_ALL,
  tool: OF_SOFTWARE,
};
