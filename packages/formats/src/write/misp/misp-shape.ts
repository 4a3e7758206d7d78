/**
 * MISP's core format (draft-dulaunoy-misp-core-format §2), as far as it is written. All numbers stand as text there, but
 * for switches.
 */
export type MispTag = { name: string };

export type MispSighting = {
  uuid: string;
  /** §2.10: 0 seen, 1 false positive, 2 expiration. */
  type: "0" | "1" | "2";
  source: string;
  date_sighting: string;
  Organisation?: { name: string };
};

export type MispAttribute = {
  uuid: string;
  type: string;
  category: string;
  value: string;
  to_ids: boolean;
  comment: string;
  timestamp: string;
  /** §2.4.2.9: 5 as its event, 0 one's own organisation. */
  distribution: "0" | "5";
  disable_correlation: false;
  deleted: boolean;
  object_relation?: string;
  first_seen?: string;
  last_seen?: string;
  Tag?: MispTag[];
  Galaxy?: MispGalaxy[];
  Sighting?: MispSighting[];
};

type MispReference = {
  uuid: string;
  object_uuid: string;
  referenced_uuid: string;
  relationship_type: string;
  comment: string;
  timestamp: string;
  deleted: false;
};

export type MispObject = {
  uuid: string;
  name: string;
  "meta-category": string;
  description: string;
  template_uuid: string;
  template_version: string;
  timestamp: string;
  distribution: "0" | "5";
  comment: string;
  deleted: boolean;
  first_seen?: string;
  last_seen?: string;
  Attribute: MispAttribute[];
  ObjectReference: MispReference[];
};

export type MispCluster = {
  uuid?: string;
  type: string;
  value: string;
  tag_name: string;
  description: string;
  meta: Record<string, readonly string[]>;
};

export type MispGalaxy = { name: string; type: string; description: string; GalaxyCluster: MispCluster[] };

type MispReport = {
  uuid: string;
  name: string;
  content: string;
  timestamp: string;
  distribution: "0" | "5";
  deleted: false;
};

/** What a feed's manifest says of an event, too. */
export type MispEventHead = {
  info: string;
  date: string;
  threat_level_id: string;
  analysis: string;
  timestamp: string;
  Orgc: { name: string; uuid: string };
  Tag: MispTag[];
};

export type MispEvent = MispEventHead & {
  uuid: string;
  published: true;
  publish_timestamp: string;
  distribution: "0" | "3";
  extends_uuid: string;
  Attribute: MispAttribute[];
  Object: MispObject[];
  Galaxy: MispGalaxy[];
  EventReport: MispReport[];
};
