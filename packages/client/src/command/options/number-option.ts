import { InvalidArgumentError } from "commander";

/** Reads an option that takes a whole number; anything else is a usage error before the platform is asked. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
    if (number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `, ${least} or above` : ` from ${least} to ${most}`;
    throw new InvalidArgumentError(`It takes a whole number${range}.`);
  };
}

/** Reads an option that takes any number above 0. */
export function positiveNumber(text: string): number {
  const number = text.trim() === "" ? Number.NaN : Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new InvalidArgumentError("It takes a number above 0.");
}
