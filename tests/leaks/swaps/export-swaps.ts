import type { RouteName } from "@suar/contract";
import { cursorInto, elsewhere, inPath, type Swap, type SwapRow } from "./swap.ts";

/** Formats that say something of a value that was seen, and those that say something of what indicators say alone. */
const [OF_ALL, OF_INDICATORS] = [
  ["stix", "csv"],
  ["list-domain", "rpz"],
] as const;

/** What leaves by a filter, and the addresses that open it. */
export const EXPORT_SWAPS = {
  exportLog: [
    ...OF_ALL.map((format) => exportBy(format, "value", "values")),
    ...OF_INDICATORS.map((format): Swap => ({ ...exportBy(format, "value", "values"), hidden: true })),
    { ...exportBy("csv", "agency", "producers"), hidden: true },
  ],
  // Whoever comes by a key that is good is let in: it is a secret, and no id.
  openExportLink: [
    {
      ...inPath("openExportLink", "exportKey", { isFor: () => false, hidden: true }),
      send: (_id: string, spelled: string) => ({ method: "GET", path: `/v1/linked-export/${spelled}` }),
    },
  ],
  // Which events there are is worked out of what the caller may see: any other name is of none.
  exportFeedFile: [
    {
      ...inPath("exportFeedFile", "exportLink", { isFor: () => false, hidden: true }),
      send: (_id: string, spelled: string) => ({ method: "GET", path: `/v1/export/misp/${spelled}.json` }),
    },
  ],
  openLinkedFeedFile: [
    {
      ...inPath("openLinkedFeedFile", "exportKey", { isFor: () => false, hidden: true }),
      send: (_id: string, spelled: string) => ({
        method: "GET",
        path: `/v1/linked-export/${spelled}/manifest.json`,
      }),
    },
  ],
  createExportLink: [
    elsewhere(
      "createExportLink",
      "agency",
      "in its filter",
      (code) => ({ body: { name: "mine", format: "csv", filter: { producers: [code] } } }),
      { makes: true, hidden: true },
    ),
  ],
  listExportLinks: [cursorInto("listExportLinks", "exportLink")],
  rotateExportLink: [inPath("rotateExportLink", "exportLink")],
  revokeExportLink: [inPath("revokeExportLink", "exportLink")],
} satisfies Partial<Record<RouteName, SwapRow>>;

function exportBy(format: string, kind: "value" | "agency", field: string): Swap {
  const swap = elsewhere("exportLog", kind, `as ${format}, in the filter`, () => ({}));
  return {
    ...swap,
    send: (id) => ({ method: "GET", path: `/v1/export/${format}?${field}=${encodeURIComponent(id)}` }),
  };
}
