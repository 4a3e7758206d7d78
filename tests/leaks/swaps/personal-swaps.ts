import type { RouteName } from "@suar/contract";
import { cursorInto, inPath, type SwapRow } from "./swap.ts";

/** Those to whom TLP:RED can be sent, their inboxes, and what was taken back. */
export const PERSONAL_SWAPS = {
  listContacts: [cursorInto("listContacts", "person")],
  publishContact: [inPath("publishContact", "person", { body: { title: "taken over" } })],
  endContact: [inPath("endContact", "person")],

  listInbox: [cursorInto("listInbox", "inboxItem")],
  readInboxItem: [inPath("readInboxItem", "inboxItem")],
  acknowledgeInboxItem: [inPath("acknowledgeInboxItem", "inboxItem")],
  listSent: [cursorInto("listSent", "sentRed")],
  withdrawSent: [inPath("withdrawSent", "sentRed")],

  listReceipts: [inPath("listReceipts", "object")],
  listDeliveries: "none: it tells of the caller's own organisation alone",
  listIndividuals: "none: it tells of the caller's own member alone",
  listRecalls: [cursorInto("listRecalls", "recall")],
  getRecall: [inPath("getRecall", "recall")],
  acknowledgeRecall: [inPath("acknowledgeRecall", "recall")],
} satisfies Partial<Record<RouteName, SwapRow>>;
