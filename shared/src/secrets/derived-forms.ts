/** The forms in which a secret can end up in logs, errors and reports by accident. */

/** A shorter form is too likely to be part of something else. */
export const SHORTEST_SUBSTRING = 6;
/** Two letters occur in every text: masking them would hide the log, not the secret. */
export const SHORTEST_WORD = 3;

const PEM_FRAME = /^-{3,}(BEGIN|END) [A-Z0-9 ]+-{3,}$/;

/**
 * Base64 of the secret inside a longer text (`Basic dXNlcjpwYXNz…`): three alignments, each without the characters at either end that
 * depend on neighbouring bytes.
 */
function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .replaceAll('=', '');
    const start = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    return encoded.slice(start, end);
  });
}

function percentEncodings(text: string): string[] {
  // Encoding a lone surrogate throws, so make the text well-formed first.
  const component = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD'));
  const strict = component.replace(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  const form = strict.replaceAll('%20', '+');
  // Often they are the same, and a key of many lines has very many escapes.
  return [...new Set([component, strict, form])].flatMap((each) => [
    each,
    each.replace(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase()),
  ]);
}

function jsonEscape(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function markupEscape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function formsOf(text: string): string[] {
  const bytes = Buffer.from(text, 'utf8');
  const padded = bytes.toString('base64');
  const base64 = [padded, padded.replaceAll('=', ''), ...base64Cores(bytes)];
  const json = jsonEscape(text);
  const markup = markupEscape(text);
  return [
    text,
    ...base64,
    ...base64.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...percentEncodings(text),
    json,
    jsonEscape(json),
    json.replaceAll('/', '\\/'),
    markup,
    markup.replaceAll("'", '&#39;'),
    markup.replaceAll("'", '&#x27;'),
    markup.replaceAll("'", '&apos;'),
  ];
}

/**
 * @returns every form of a secret that must not be seen, longest first: the value; base64 and base64url at any alignment; hex; URL,
 * JSON and markup escapes; and all of that for each line of a value of several lines (a key in PEM). Derived forms are at least
 * six characters long; the value itself may be shorter, down to three.
 */
export function derivedForms(value: string): string[] {
  const lines = value.split(/\r\n|[\r\n]/).map((line) => line.trim());
  const parts = lines.filter((line) => line.length >= SHORTEST_SUBSTRING && !PEM_FRAME.test(line));
  const whole = [value, value.trim(), value.replaceAll(/\r\n|[\r\n]/g, '\n'), value.replaceAll(/\r\n|[\r\n]/g, '\r\n')];
  const forms = new Set<string>();
  const isLong = (form: string) => form.length >= SHORTEST_SUBSTRING || form === value || form === value.trim();
  for (const text of new Set([...whole, ...parts])) {
    for (const form of formsOf(text)) if (isLong(form) && form.trim().length >= SHORTEST_WORD) forms.add(form);
  }
  return [...forms].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/**
 * @returns the forms that a CI system has to hide. One line each, because systems compare by line and azure-pipelines-task-lib throws on
 * more.
 */
export function hostForms(value: string): string[] {
  return derivedForms(value).filter((form) => !/[\r\n]/.test(form));
}
