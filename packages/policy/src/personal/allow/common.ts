import { all, type Properties } from "./shape.ts";

/* §3.2 of STIX 2.1: what every object of a family may have, and the data types of chapter 2. */

export const HASHES: Properties = { "*": "value" };

const REFERENCES: Properties = {
  ...all("prose", "source_name description"),
  ...all("value", "url external_id"),
  hashes: HASHES,
};

export const PHASES: Properties = all("prose", "kill_chain_name phase_name");

const MARKED: Properties = {
  ...all("plain", "type spec_version id object_marking_refs"),
  granular_markings: all("plain", "selectors marking_ref lang"),
};

const VERSIONED: Properties = {
  ...MARKED,
  ...all("plain", "created_by_ref created modified revoked confidence lang"),
  labels: "prose",
  external_references: REFERENCES,
};

/** SDOs and SROs. No extension is allowed but those that a type names. */
export const DOMAIN: Properties = { ...VERSIONED, extensions: {} };

/** SCOs; §3.6 knows of producers that version and label them. */
export const OBSERVABLE: Properties = { ...VERSIONED, defanged: "plain", extensions: {} };

/** Marking definitions are never versioned. */
export const META: Properties = VERSIONED;
