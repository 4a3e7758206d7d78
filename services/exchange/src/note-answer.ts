import type { DeliveryChannel } from "@suar/contract";
import { deliveryNotes } from "@suar/log";
import type { OrganisationCaller, Realm } from "@suar/runtime";
import type { FastifyReply } from "fastify";

export type Answered = { realm: Realm; caller: OrganisationCaller; channel: DeliveryChannel };

/**
 * Notes the entries of an answer as delivered once all of it has gone out: of one that broke off nothing is noted.
 * They are asked for then, since what goes out in parts is not known before.
 */
export function noteAnswer(
  reply: FastifyReply,
  { realm, caller, channel }: Answered,
  seqs: () => readonly number[],
): void {
  if (reply.request.method === "HEAD") return;
  reply.raw.once("finish", () => deliveryNotes(realm).note(caller.organisation.id, channel, seqs()));
}
