let serial = 0;

export const uuid = (): string => `00000000-0000-4000-8000-${String(++serial).padStart(12, "0")}`;
export const attribute = (
  type: string,
  value: string,
  more: object = {},
): { uuid: string; [field: string]: unknown } => ({
  uuid: uuid(),
  type,
  value,
  category: "Network activity",
  to_ids: true,
  distribution: "5",
  timestamp: "1767225600",
  ...more,
});
export const event = (more: object): object => ({
  Event: {
    uuid: "00000000-0000-4000-8000-00000000aaaa",
    info: "A campaign",
    date: "2026-01-01",
    threat_level_id: "1",
    analysis: "2",
    Orgc: { name: "Example CERT" },
    Tag: [{ name: "tlp:green" }, { name: "PAP:AMBER" }, { name: "botnet" }],
    ...more,
  },
});
export const withAttribute = (type: string, value: string, more: object = {}): object =>
  event({ Attribute: [attribute(type, value, more)] });
