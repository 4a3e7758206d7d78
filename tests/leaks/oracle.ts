/**
 * Who may see what, told a second time from DESIGN 3 (FIRST TLP 2.0) and from nothing in the platform's own
 * policy: what both say is right, or both are wrong.
 */
export type Party = { code: string; member: string; kind: "cert" | "agency" };
export type PlantedTlp = "clear" | "green" | "amber" | "amber+strict";

export function party(code: string): Party {
  return { code, member: code.slice(0, 2), kind: code.includes(":") ? "agency" : "cert" };
}

export function maySee(
  marking: { tlp: PlantedTlp; producer: Party; to: readonly string[] },
  reader: Party,
): boolean {
  const { tlp, producer, to } = marking;
  if (reader.code === producer.code) return true;
  if (to.includes(reader.code)) return true;
  if (tlp === "amber+strict") return false;
  // A CERT's agencies are its clients; an agency has none.
  const isClientOf = (code: string): boolean => reader.kind === "agency" && reader.member === code;
  if (to.some(isClientOf)) return true;
  // Whoever names somebody says for whom it is, under each marking.
  if (to.length > 0) return false;
  return tlp !== "amber" || (producer.kind === "cert" && isClientOf(producer.code));
}

/** Whether it may be read by anybody at all (FIRST TLP 2.0, CLEAR), told apart from what organisations may see. */
export function isPublic({ tlp, to }: { tlp: PlantedTlp; to: readonly string[] }): boolean {
  return tlp === "clear" && (to.length === 0 || to.includes("public"));
}
