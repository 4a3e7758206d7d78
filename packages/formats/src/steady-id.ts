import { scoId, uuidv5 } from "@suar/stix";

const NAMESPACE = "b0a54b5e-4c0f-5f0e-9d3a-6c1e2f7a8d90";

/**
 * The id of an observable: by what identifies it; where nothing does (§2.9, a process) it would be another at each
 * reading, and is made of the name that the input has for it instead, in the form of a UUIDv4, which such ids have.
 */
export function steadyId(object: { type: string } & Record<string, unknown>, name: string): string {
  const id = scoId(object);
  const version = object.type.length + "--00000000-0000-".length;
  if (id.charAt(version) !== "4") return id;
  const uuid = uuidv5(NAMESPACE, `${object.type}/${name}`);
  return `${object.type}--${uuid.slice(0, 14)}4${uuid.slice(15)}`;
}
