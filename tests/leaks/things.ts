/** A thing with an address that somebody made: the crawl asks for it as everybody else. */
export type Thing = {
  id: string;
  organisation: string;
  realm: "live" | "drill";
  /** Others whom it is for. */
  also?: readonly string[];
  /** A CERT whose officers, too, it is for. */
  officersOf?: string;
  /** Set where it is one person's alone. */
  person?: string;
};

export type Things = Record<
  | "submission"
  | "object"
  | "stated"
  | "webhook"
  | "source"
  | "alert"
  | "alertRule"
  | "advisory"
  | "agreement"
  | "approval"
  | "policyKey"
  | "policyProposal"
  | "policy"
  | "inbox"
  | "sentRed"
  | "recall"
  | "exportLink"
  | "warningList"
  | "drill"
  | "key"
  | "person"
  | "agency"
  | "member"
  | "realm",
  Thing[]
>;

export function noThings(): Things {
  return {
    submission: [],
    object: [],
    stated: [],
    webhook: [],
    source: [],
    alert: [],
    alertRule: [],
    advisory: [],
    agreement: [],
    approval: [],
    policyKey: [],
    policyProposal: [],
    policy: [],
    inbox: [],
    sentRed: [],
    recall: [],
    exportLink: [],
    warningList: [],
    drill: [],
    key: [],
    person: [],
    agency: [],
    member: [],
    realm: [{ id: "live", organisation: "", realm: "live" }],
  };
}
