import type { Attribute } from "./attribute.ts";
import { mappingOf } from "./attribute-types.ts";
import { isCarriedElsewhere, repeatedIn, withCarried } from "./carried.ts";
import { draftAttribute } from "./draft-attribute.ts";
import type { EventReading } from "./event-reading.ts";
import { loseMarked, markedOf, valuesIn } from "./refuse.ts";

/** A MISP object, as far as Suar understands it. */
export type MispObject = {
  at: string;
  name: string;
  uuid: string | undefined;
  comment: string | undefined;
  firstSeen: string | undefined;
  lastSeen: string | undefined;
  attributes: Attribute[];
  /** It says of others how it stands to them. */
  refers: boolean;
};

/** Values stand for themselves; attributes that only make sense within their object are lost by name. */
export function draftLeftOver(
  { name }: MispObject,
  attributes: readonly Attribute[],
  reading: EventReading,
): { attribute: Attribute; local: string }[] {
  const repeated = repeatedIn(attributes);
  const drafted: { attribute: Attribute; local: string }[] = [];
  for (const attribute of attributes) {
    const mapping = mappingOf(attribute.type);
    if (mapping !== undefined && mapping.becomes !== "note") {
      const local = draftAttribute(withCarried(attribute, repeated), reading);
      if (local !== undefined) drafted.push({ attribute, local });
    } else if (isCarriedElsewhere(attribute, repeated))
      reading.lose(
        attribute.at,
        `${name}.${attribute.relation}`,
        "Told with another attribute, and not written again",
      );
    else {
      const field = `${name}.${attribute.relation ?? attribute.type}`;
      const reason = `Not carried: ${attribute.value.slice(0, 80)}`;
      loseMarked(attribute.at, [field, reason], markedOf(attribute), reading, valuesIn(attribute));
    }
  }
  return drafted;
}
