import type { Place, ReportReading } from "../report-reading.ts";
import { type Element, lineOf } from "../xml/element.ts";

/** Loses an element where it stands. */
export function lose(
  reading: ReportReading,
  place: Place,
  element: Element,
  field: string,
  reason: string,
): void {
  reading.lose({ ...place, at: lineOf(element) }, field, reason);
}
