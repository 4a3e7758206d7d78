/**
 * Identity numbers that consist of digits alone, as their issuers build them. `certain` ones carry a date and a
 * checksum that chance hardly meets: they are found in any grouping and anywhere. The rest is found as one
 * group, as their issuers group them, or beside a word that says what they are.
 */
export type NationalNumber = {
  country: string;
  length: number;
  /** How cards and forms group the digits. */
  groupings: readonly (readonly number[])[];
  certain?: boolean;
  /** Digits alone say too little: a word must be near. */
  needsWord?: boolean;
  fits: (digits: string) => boolean;
};

export const NATIONAL_NUMBERS: readonly NationalNumber[] = [
  {
    country: "CN",
    length: 18,
    certain: true,
    groupings: [
      [6, 8, 4],
      [6, 4, 4, 4],
    ],
    fits: isResidentNumber,
  },
  { country: "CN", length: 15, groupings: [[6, 6, 3]], fits: isOldResidentNumber },
  { country: "TH", length: 13, groupings: [[1, 4, 5, 2, 1]], fits: isThaiNumber },
  {
    country: "ID",
    length: 16,
    groupings: [
      [6, 6, 4],
      [4, 4, 4, 4],
      [2, 2, 2, 6, 4],
    ],
    fits: isNik,
  },
  {
    country: "VN",
    length: 12,
    groupings: [
      [3, 3, 3, 3],
      [4, 4, 4],
      [3, 1, 2, 6],
    ],
    fits: isCitizenNumber,
  },
  { country: "MY", length: 12, groupings: [[6, 2, 4]], fits: isMyKad },
  { country: "PH", length: 12, groupings: [[4, 7, 1]], needsWord: true, fits: isAny }, // UMID's CRN
  { country: "PH", length: 16, groupings: [[4, 4, 4, 4]], needsWord: true, fits: isAny }, // PhilSys' PCN
];

/** GB/T 2260: the first two digits of a Chinese division code; 83 and 91 are residents' from elsewhere. */
const CN_PROVINCES = new Set(
  "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 91".split(
    " ",
  ),
);
const CN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** GB 11643-1999: division, date of birth, order, and a check by ISO 7064 MOD 11-2; ten is written X. */
function isResidentNumber(digits: string): boolean {
  if (!CN_PROVINCES.has(digits.slice(0, 2)) || !isBirthDate(digits.slice(6, 14))) return false;
  const sum = CN_WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  return "10x98765432"[sum % 11] === digits[17];
}

/** GB 11643-1989: the year in two digits, no check. */
function isOldResidentNumber(digits: string): boolean {
  return CN_PROVINCES.has(digits.slice(0, 2)) && isBirthDate(`19${digits.slice(6, 12)}`);
}

/** Milliseconds since 1970 in these years look like a Thai number one time in eleven. */
const RECENT_MILLISECONDS = { from: 1_577_836_800_000, to: 1_893_456_000_000 };

/** Kind of person, registration office, number, and a check: eleven less the weighted sum modulo eleven. */
function isThaiNumber(digits: string): boolean {
  if (!/^[1-8]/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < 12; index += 1) sum += (13 - index) * Number(digits[index]);
  return (11 - (sum % 11)) % 10 === Number(digits[12]);
}

export function isRecentInstant(digits: string): boolean {
  const value = Number(digits);
  return digits.length === 13 && value >= RECENT_MILLISECONDS.from && value < RECENT_MILLISECONDS.to;
}

/** Codes of Indonesian provinces, those of Papua since 2022 among them. */
const ID_PROVINCES = /^(?:1[1-9]|2[01]|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])(?!00)\d\d(?!00)\d\d/;

/** Division, date of birth (day plus 40 for women, year in two digits), order. */
function isNik(digits: string): boolean {
  const day = Number(digits.slice(6, 8));
  const date = `${String(day > 40 ? day - 40 : day).padStart(2, "0")}${digits.slice(8, 12)}`;
  return ID_PROVINCES.test(digits) && isDayMonth(date.slice(0, 4)) && !digits.endsWith("0000");
}

/** Decree 137/2015: codes of Vietnamese provinces, as they were before and after 2025. */
const VN_PROVINCES = new Set(
  `001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042
   044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087
   089 091 092 093 094 095 096`.split(/\s+/),
);

/** Province, century and gender (the 20th and 21st: 0 to 3), year of birth, order. */
function isCitizenNumber(digits: string): boolean {
  return VN_PROVINCES.has(digits.slice(0, 3)) && /^[0-3]$/.test(digits[3] ?? "");
}

/** Malaysian place codes: states and federal territories, and countries of birth. There is no check digit. */
const MY_PLACES = /^(?:0[1-9]|1[0-6]|2[1-9]|[345]\d|6[0-8]|7[1245-9]|8[2-9]|9[0-3]|9[89])$/;

function isMyKad(digits: string): boolean {
  return isMonthDay(digits.slice(2, 6)) && MY_PLACES.test(digits.slice(6, 8));
}

function isAny(): boolean {
  return true;
}

/** Somebody born since 1880 and not after 2039, on a day that there is. */
function isBirthDate(yyyymmdd: string): boolean {
  const year = Number(yyyymmdd.slice(0, 4));
  return year >= 1880 && year < 2040 && isMonthDay(yyyymmdd.slice(4, 8));
}

const DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isMonthDay(mmdd: string): boolean {
  const day = Number(mmdd.slice(2, 4));
  return day >= 1 && day <= (DAYS[Number(mmdd.slice(0, 2)) - 1] ?? 0);
}

function isDayMonth(ddmm: string): boolean {
  return isMonthDay(ddmm.slice(2, 4) + ddmm.slice(0, 2));
}
