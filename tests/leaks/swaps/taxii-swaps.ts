import { readLog } from "@suar/contract";
import { TAXII_MEDIA_TYPE, type TAXII_METHODS } from "@suar/taxii";
import { indicator } from "../bundles.ts";
import type { Kind } from "./kinds.ts";
import type { Sent, Swap } from "./swap.ts";

const ACCEPT = { accept: TAXII_MEDIA_TYPE };
const POSTED = { ...ACCEPT, "content-type": TAXII_MEDIA_TYPE };
const ALL = "/taxii2/live/collections/all";
/** Written to by who may submit. */
const STRICT = "/taxii2/live/collections/tlp-amber-strict";

/** Every kind of TAXII's addresses, with what it may name; one that is not here fails swapped-ids.test.ts. */
export const TAXII_SWAPS: Record<keyof typeof TAXII_METHODS, readonly Swap[] | `none: ${string}`> = {
  discovery: "none: it has one address",
  root: [at("GET", "realm", (id) => `/taxii2/${id}/`), at("GET", "realm", (id) => `/taxii2/${id}`)],
  status: [at("GET", "taxiiStatus", (id) => `/taxii2/live/status/${id}/`)],
  collections: [at("GET", "realm", (id) => `/taxii2/${id}/collections/`)],
  collection: [at("GET", "collection", (id) => `/taxii2/live/collections/${id}/`)],
  manifest: [
    at("GET", "collection", (id) => `/taxii2/live/collections/${id}/manifest/`),
    at("GET", "object", (id) => `${ALL}/manifest/?match[id]=${id}`),
    at("GET", "realm", (id) => `/taxii2/${id}/collections/all/manifest/`),
  ],
  objects: [
    at("GET", "collection", (id) => `/taxii2/live/collections/${id}/objects/`),
    at("GET", "object", (id) => `${ALL}/objects/?match[id]=${id}&match[version]=all`),
    at("GET", "realm", (id) => `/taxii2/${id}/collections/all/objects/`),
    at("POST", "collection", (id) => `/taxii2/live/collections/${id}/objects/`, {
      body: JSON.stringify({ objects: [indicator("mine")] }),
      headers: POSTED,
    }),
  ],
  object: [
    at("GET", "object", (id) => `${ALL}/objects/${id}/`),
    at("GET", "object", (id) => `${STRICT}/objects/${id}/?match[version]=all`),
    at("DELETE", "object", (id) => `${STRICT}/objects/${id}/?match[version]=last`),
    at("DELETE", "object", (id) => `${STRICT}/objects/${id}/?match[spec_version]=2.0`),
    at("DELETE", "object", (id) => `${STRICT}/objects/${id}/`),
  ],
  versions: [at("GET", "object", (id) => `${ALL}/objects/${id}/versions/`)],
};

function at(method: string, kind: Kind, path: (spelled: string) => string, more: Partial<Sent> = {}): Swap {
  return {
    it: `${method} ${path(`:${kind}`)}`,
    kind,
    roles: readLog.roles,
    send: (_id, spelled) => ({ method, path: path(spelled), headers: ACCEPT, ...more }),
  };
}
