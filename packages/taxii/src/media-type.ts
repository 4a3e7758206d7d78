/** The media type of TAXII 2.1 (§1.6.8); answers carry it with its version, requests may leave that out. */
export const TAXII_MEDIA_TYPE = "application/taxii+json;version=2.1";

const VERSION = "2.1";

/**
 * Tells whether a client that sends this Accept header can take a TAXII 2.1 answer. With or without a version
 * it must not be told 406; another version, or other media only, may be.
 */
export function acceptsTaxii(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === "") return true;
  return accept.split(",").some((range) => {
    const [type = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase());
    if (parameters.some((parameter) => /^q=0(\.0{1,3})?$/.test(parameter))) return false;
    if (type === "*/*" || type === "application/*") return true;
    const version = parameters
      .find((parameter) => parameter.startsWith("version="))
      ?.slice("version=".length);
    return (
      type === "application/taxii+json" && (version === undefined || version.replaceAll('"', "") === VERSION)
    );
  });
}

/** Whether a Content-Type is TAXII's, with its version or without (§3.1: neither may be refused with 415). */
export function isTaxii(contentType: string | undefined): boolean {
  return contentType !== undefined && !/[,*]/.test(contentType) && acceptsTaxii(contentType);
}
