import { Assertion, Item } from "@suar/contract";
import { findDanger, type StixObject } from "@suar/stix";
import { z } from "zod";
import { jsonOr } from "../../error.ts";
import { eventsIn, isEventStream } from "./event-stream.ts";
import { documentsOf, type KeptItem, type Unreadable } from "./item-files.ts";

/** What an object's own producer states of it, as the look-up by id and the search answer: no word of which kind. */
export type KeptAssertion = { place: string; assertion: Assertion };
/** An object without the place of the log that it had: from a TAXII collection or a bundle. */
export type KeptObject = { place: string; object: StixObject };
/** That a TAXII collection holds a version (TAXII 2.1 §5.3), without its body. */
export type KeptListing = { place: string; listed: Listing };
export type Delivered = KeptItem | KeptAssertion | KeptObject | KeptListing | Unreadable;

// Its fields keep their order: receipts are about the bytes that were sent.
const AnyObject = Item.shape.object;
const Listing = z.object({ id: z.string(), date_added: z.string(), version: z.string() });
type Listing = z.infer<typeof Listing>;

const Message = z.object({ type: z.string(), timestamp: z.string(), data: z.unknown() });
const Frame = z.object({ op: z.string() });
const Page = z.object({ items: z.array(z.unknown()) });
const LookUp = z.object({ id: z.string(), assertions: z.array(z.unknown()) });
/** TAXII 2.1 §3.7 and §5.3, and STIX 2.1 §8: all of them hold `objects`. */
const Holding = z.object({ objects: z.array(z.unknown()) });
/** A page on which there is nothing: `{}`, or where to go on. */
const EmptyPage = z.strictObject({ more: z.boolean().optional(), next: z.string().optional() });
const BareObject = z.intersection(AnyObject, z.object({ spec_version: z.literal("2.1") }));

const NONE_OF_THEM =
  "neither an item or a page of the log, a webhook's message, frames of a stream, an answer about an object, a TAXII envelope or manifest, nor a STIX bundle";

/**
 * What was delivered, out of a file of any channel, which is told by what it holds: JSON (one document, or one a line)
 * or a saved event stream. A document that is none of these, or holds what no object may hold (nested beyond 64, a key that
 * could reach a prototype), is a problem of its own.
 */
export function readDelivered(text: string, place: string): Delivered[] {
  if (isEventStream(text))
    return eventsIn(text).flatMap(({ line, data }) =>
      readDocument(jsonOr(data, undefined), `${place}:${line}`),
    );
  const documents = documentsOf(text, place);
  const [only] = documents;
  if (documents.length === 1 && EmptyPage.safeParse(only?.value).success) return [];
  return documents.flatMap(({ value, place: where }) => readDocument(value, where));
}

function readDocument(value: unknown, place: string): Delivered[] {
  const page = Page.safeParse(value);
  if (page.success) return page.data.items.map((one) => readOne(one, place));
  const lookUp = LookUp.safeParse(value);
  if (lookUp.success) return lookUp.data.assertions.map((one) => readOne(one, place));
  const held = isObject(value) ? Holding.safeParse(value) : undefined;
  if (held?.success) return held.data.objects.map((one) => readHeld(one, place));
  const frame = Frame.safeParse(value);
  if (frame.success) return frame.data.op === "event" ? [readOne(value, place)] : [];
  const message = Message.safeParse(value);
  if (message.success) return message.data.type === "test" ? [] : [readOne(message.data.data, place)];
  return [readOne(value, place)];
}

/** What has an id of its own holds `object_refs`, and an observed thing of before may hold `objects`: that is no list of them. */
function isObject(value: unknown): boolean {
  const { type, id } = (value ?? {}) as { type?: unknown; id?: unknown };
  return type === "bundle" || type === undefined || id === undefined;
}

function readOne(value: unknown, place: string): Delivered {
  const item = Item.safeParse(value);
  if (item.success) return safely(item.data.object, place, { place, item: item.data });
  const told = Assertion.safeParse(value);
  if (told.success) return safely(told.data.object, place, { place, assertion: told.data });
  return readHeld(value, place, BareObject);
}

function readHeld(
  value: unknown,
  place: string,
  schema: z.ZodType<{ type: string; id: string }> = AnyObject,
): Delivered {
  const listed = Listing.safeParse(value);
  if (listed.success) return { place, listed: listed.data };
  const object = schema.safeParse(value);
  if (!object.success) return { place, problem: NONE_OF_THEM };
  return safely(object.data, place, { place, object: object.data as StixObject });
}

/** Only then it may be written again as it was: to hash it. */
function safely(object: object, place: string, read: Delivered): Delivered {
  const danger = findDanger(object);
  return danger === undefined
    ? read
    : { place, problem: `an object is ${danger.code} at ${danger.path || "/"}` };
}
