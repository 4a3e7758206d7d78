/**
 * TAXII 2.1: the protocol's core, over raw bodies and opaque pages, and a client for pulling from others. The
 * door stands; content negotiation is the first of its rules, server and client follow.
 *
 * It knows the protocol and nothing of who may see what: collections are handed to it already filtered. It must
 * not import runtime, log or services.
 */
export { acceptsTaxii, TAXII_MEDIA_TYPE } from "./media-type.ts";
