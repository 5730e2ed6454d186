/** Passwords that carry something along that was never part of them: `echo` and files add a line break, YAML and shells leave quotes. */

import { orNotCheckable } from './key-derivation.ts';

interface Slip {
  /** Fits after "without". */
  what: string;
  password: string;
}

const SLIPS: ReadonlyArray<{ what: string; without(password: string): string }> = [
  { what: 'the line break at its end', without: (password) => password.replace(/[\r\n]+$/, '') },
  { what: 'the white space around it', without: (password) => password.trim() },
  { what: 'the quotes around it', without: (password) => password.trim().replace(/^(["'])(.*)\1$/s, '$2') },
];

function slipsOf(password: string): Slip[] {
  return SLIPS.map(({ what, without }) => ({ what, password: without(password) })).filter(
    (slip, index, all) =>
      slip.password !== '' &&
      slip.password !== password &&
      all.findIndex((each) => each.password === slip.password) === index,
  );
}

/** @returns what is too much in a password that did not open something, if it opens that without */
export async function slipOf(
  password: string,
  opens: (password: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const slip of slipsOf(password)) {
    const found = await orNotCheckable(() => opens(slip.password));
    if (found === true) return slip.what;
  }
  return undefined;
}

/** @param slip what is too much in the password, where that is known */
export function doesNotOpen(what: string, slip: string | undefined, wanted: string) {
  return slip === undefined
    ? { message: `does not open ${what}`, allowed: wanted }
    : {
        message: `does not open ${what}, but would without ${slip}`,
        allowed: 'the password and nothing else; printf %s adds no line break, as echo and many editors do',
      };
}
