/**
 * Phishing: what a URL's spelling shows. The door stands with the named features; the model, its training and
 * its explanation in words follow.
 *
 * It uses no network and no clock, and must not import contract, runtime or services.
 */
export { type UrlFeatures, urlFeatures } from "./url-features.ts";
