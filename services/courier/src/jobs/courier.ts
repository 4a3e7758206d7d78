import type { Tail } from "@suar/log";
import type { Platform, Realm } from "@suar/runtime";
import type { Poster } from "../poster.ts";

/** What a realm's workers share. */
export type Courier = {
  platform: Platform;
  realm: Realm;
  tail: Tail;
  poster: Poster;
  closing: { begun: boolean; cutOff: boolean };
};
