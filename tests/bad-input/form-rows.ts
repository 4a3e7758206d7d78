import type { Row } from "./row.ts";
import { FILE, form, GOOD_TABLE, post } from "./submitting.ts";

/** What the way in refuses of forms. */
export const FORM_ROWS: readonly Row[] = [
  {
    it: "a form without a file",
    code: "empty",
    ask: post("?tlp=green", "--b\r\ncontent-disposition: form-data; name=x\r\n\r\ny\r\n--b--\r\n", {
      "content-type": "multipart/form-data; boundary=b",
    }),
  },
  {
    it: "a form without a boundary",
    code: "bad-request",
    ask: post("?tlp=green", GOOD_TABLE, { "content-type": "multipart/form-data" }),
  },
  { it: "a form with two files", code: "bad-request", ask: form([FILE, FILE]) },
  { it: "a form with a parameter after its file", code: "bad-request", ask: form([FILE, ["to", "MY"]]) },
  {
    it: "a form with a parameter that there is none of",
    code: "bad-request",
    ask: form([["To", "MY"], FILE]),
  },
  { it: "a form with a parameter twice", code: "bad-request", ask: form([["to", "MY"], ["to", "TH"], FILE]) },
  {
    it: "a form that says again what the address says",
    code: "bad-request",
    ask: form([["tlp", "amber"], FILE]),
  },
  { it: "a form for somebody unknown", code: "unknown-member", ask: form([["to", "XX"], FILE]) },
  { it: "a form with a bad flag", code: "bad-request", ask: form([["dryRun", "yes"], FILE]) },
  {
    it: "a form with a very long parameter",
    code: "bad-request",
    ask: form([["to", "M".repeat(9_000)], FILE]),
  },
  {
    it: "a form that breaks off",
    code: "bad-request",
    ask: post("?tlp=green", "--b\r\ncontent-disp", { "content-type": "multipart/form-data; boundary=b" }),
  },
];
