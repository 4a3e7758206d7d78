import type { AgreementState } from "@suar/contract";

type Dates = {
  accepted_at: Date | null;
  ended_at: Date | null;
  begins: string;
  ends: string | null;
};

/** What an agreement is on a day (ISO 8601, UTC): it holds from the day it begins to the day before it ends. */
export function stateOf({ accepted_at, ended_at, begins, ends }: Dates, today: string): AgreementState {
  if (ended_at !== null || (ends !== null && today >= ends)) return "ended";
  if (accepted_at === null) return "proposed";
  return today < begins ? "agreed" : "in-force";
}
