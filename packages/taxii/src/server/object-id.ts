/**
 * An id of the form that STIX gives its objects (§3.4.1), whatever the version of its UUID: what a collection holds is
 * not for the protocol to judge.
 */
export function isObjectId(text: unknown): text is string {
  return typeof text === "string" && text.length <= 288 && OBJECT_ID.test(text);
}

const OBJECT_ID = /^[a-z0-9]+(?:-[a-z0-9]+)*--[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
