/**
 * The Reference Security Incident Taxonomy (TF-CSIRT and ENISA), version 1002: classes and their types, codes as
 * its machine tags write them. Data: a new edition changes this table and nothing else.
 */
export const RSIT = {
  "abusive-content": {
    name: "Abusive Content",
    types: {
      spam: "Spam",
      "harmful-speech": "Harmful Speech",
      violence: "Child sexual exploitation, sexual or violent content",
    },
  },
  "malicious-code": {
    name: "Malicious Code",
    types: {
      "infected-system": "Infected System",
      "c2-server": "C2 Server",
      "malware-distribution": "Malware Distribution",
      "malware-configuration": "Malware Configuration",
    },
  },
  "information-gathering": {
    name: "Information Gathering",
    types: {
      scanner: "Scanning",
      sniffing: "Sniffing",
      "social-engineering": "Social Engineering",
    },
  },
  "intrusion-attempts": {
    name: "Intrusion Attempts",
    types: {
      "ids-alert": "Exploitation of known Vulnerabilities",
      "brute-force": "Login attempts",
      exploit: "New attack signature",
    },
  },
  intrusions: {
    name: "Intrusions",
    types: {
      "privileged-account-compromise": "Privileged Account Compromise",
      "unprivileged-account-compromise": "Unprivileged Account Compromise",
      "application-compromise": "Application Compromise",
      "system-compromise": "System Compromise",
      burglary: "Burglary",
    },
  },
  availability: {
    name: "Availability",
    types: {
      dos: "Denial of Service",
      ddos: "Distributed Denial of Service",
      misconfiguration: "Misconfiguration",
      sabotage: "Sabotage",
      outage: "Outage",
    },
  },
  "information-content-security": {
    name: "Information Content Security",
    types: {
      "unauthorised-information-access": "Unauthorised access to information",
      "unauthorised-information-modification": "Unauthorised modification of information",
      "data-loss": "Data Loss",
      "data-leak": "Leak of confidential information",
    },
  },
  fraud: {
    name: "Fraud",
    types: {
      "unauthorised-use-of-resources": "Unauthorised use of resources",
      copyright: "Copyright",
      masquerade: "Masquerade",
      phishing: "Phishing",
    },
  },
  vulnerable: {
    name: "Vulnerable",
    types: {
      "weak-crypto": "Weak crypto",
      "ddos-amplifier": "DDoS amplifier",
      "potentially-unwanted-accessible": "Potentially unwanted accessible services",
      "information-disclosure": "Information disclosure",
      "vulnerable-system": "Vulnerable system",
    },
  },
  other: {
    name: "Other",
    types: {
      other: "Uncategorised",
      undetermined: "Undetermined",
    },
  },
  test: {
    name: "Test",
    types: {
      test: "Test",
    },
  },
} as const satisfies Record<string, { name: string; types: Record<string, string> }>;

export type RsitClass = keyof typeof RSIT;

export const RSIT_CLASSES = Object.keys(RSIT) as [RsitClass, ...RsitClass[]];

/** Does the class have this type? */
export function isRsitType(rsitClass: RsitClass, type: string): boolean {
  return Object.hasOwn(RSIT[rsitClass].types, type);
}
