import { z } from "zod";
import { observableProperties } from "../type/object-properties.ts";
import { defineType, type Report } from "../type/object-type.ts";
import { dictionary, Flag, list, Text, Timestamp } from "../type/property-types.ts";
import { refTo } from "../type/reference-types.ts";

/** §6.6.2 */
const EmailMimePart = z
  .looseObject({
    body: Text.optional(), // 6.6.2.1
    body_raw_ref: refTo("artifact", "file").optional(), // 6.6.2.1
    content_type: Text.optional(), // 6.6.2.1
    content_disposition: Text.optional(), // 6.6.2.1
  })
  .refine(
    (part) => part.body !== undefined || part.body_raw_ref !== undefined,
    "needs a body or a body_raw_ref",
  );

const EmailAddrRef = refTo("email-addr");

/** §6.6 One e-mail, as RFC 5322 and RFC 2045 see it. */
export const StixEmailMessage = z.looseObject({
  ...observableProperties("email-message"), // 3.2
  is_multipart: Flag, // 6.6.1
  date: Timestamp.optional(), // 6.6.1
  content_type: Text.optional(), // 6.6.1
  from_ref: EmailAddrRef.optional(), // 6.6.1
  sender_ref: EmailAddrRef.optional(), // 6.6.1
  to_refs: list(EmailAddrRef).optional(), // 6.6.1
  cc_refs: list(EmailAddrRef).optional(), // 6.6.1
  bcc_refs: list(EmailAddrRef).optional(), // 6.6.1
  message_id: Text.optional(), // 6.6.1
  subject: Text.optional(), // 6.6.1
  received_lines: list(Text).optional(), // 6.6.1
  additional_header_fields: dictionary(z.union([Text, list(Text)])).optional(), // 6.6.1
  body: Text.optional(), // 6.6.1
  body_multipart: list(EmailMimePart).optional(), // 6.6.1, 6.6.2
  raw_email_ref: refTo("artifact").optional(), // 6.6.1
});
export type StixEmailMessage = z.infer<typeof StixEmailMessage>;

export const emailMessage = defineType({
  type: "email-message",
  section: "6.6",
  family: "sco",
  schema: StixEmailMessage,
  rules: [bodyFitsMultipart],
});

/** §6.6.1: `body` belongs to simple messages, `body_multipart` to the others. */
function bodyFitsMultipart(object: StixEmailMessage, report: Report): void {
  const wrong = object.is_multipart ? "body" : "body_multipart";
  if (object[wrong] !== undefined) {
    report(`/${wrong}`, "not-allowed", `must not be used when is_multipart is ${object.is_multipart}`);
  }
}
