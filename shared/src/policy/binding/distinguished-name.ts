/** Whether a text is a distinguished name and nothing more: a signing certificate's owner. Pure. */

/** As Java, OpenSSL and the service print them (RFC 4514, X.520); others are printed as numbers. */
const ATTRIBUTE =
  /^(?:CN|OU|O|L|S|ST|C|DC|STREET|POSTALCODE|UID|E|EMAIL|EMAILADDRESS|SERIALNUMBER|BUSINESSCATEGORY|T|TITLE|SN|SURNAME|GN|GIVENNAME|INITIALS|GENERATION|DNQ|DNQUALIFIER|(?:OID\.)?\d+(?:\.\d+)+)$/iu;
const PART = / ?(?<attribute>[a-z\d.]+) ?= ?(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>(?:[^",=\\]|\\.)*))(?: ?,|$)/giuy;

/** Apple's certificates put a colon in the name, followed by the team. */
const APPLE_NAME = /^(?:Apple|iPhone) (?:Development|Developer|Distribution): /u;
const APPLE_TEAM = / \([A-Z0-9]{10}\)$/u;
/** Legal forms that contain a full stop before a blank. */
const LEGAL_FORM = /\b(Co|Pte|Pty|Pvt|Sdn)\. (?=(?:Ltd|Limited|Bhd)\b)/gu;
/** No colon and no dash between blanks: they end a sentence or change its meaning. Brackets contain one more name. */
const WORD = /^(?:\((?=\p{Lu}))?[\p{L}\p{N}&*_][\p{L}\p{M}\p{N}.,'\u2019&@/_*-]*\)?$/u;
/** Names have few lower-case words, as in `San francisco` or `an der Lippe`; a sentence has many. */
const MOST_SMALL_WORDS = 2;

/** Commas are part of a name if they are quoted or escaped. */
function isName(text: string): boolean {
  const plain = text.replace(APPLE_NAME, '').replace(APPLE_TEAM, '').replace(LEGAL_FORM, '$1 ');
  const words = plain.split(/,? /u);
  // A full stop before a blank ends a sentence (`com.example` has none), and brackets at the end contain a remark.
  if (/\. |\)$/u.test(plain) || !words.every((word) => WORD.test(word))) return false;
  return words.filter((word) => /^\p{Ll}/u.test(word)).length <= MOST_SMALL_WORDS;
}

/** `C` is a code of two letters; keytool takes whole words, too. */
function isCountry(text: string): boolean {
  return /^(?:\p{L}+|\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)+)$/u.test(text);
}

/**
 * Parts `ATTRIBUTE=value`, separated by commas. A value is a name: no sentence can follow it unnoticed.
 * @param text one line
 */
export function isDistinguishedName(text: string): boolean {
  let end = 0;
  for (const { 0: part, index, groups = {} } of text.matchAll(PART)) {
    const { attribute = '', quoted, bare = '' } = groups;
    const value = (quoted ?? bare).replaceAll(/\\(.)/gu, '$1').trim();
    if (!ATTRIBUTE.test(attribute) || !(attribute.toUpperCase() === 'C' ? isCountry(value) : isName(value)))
      return false;
    end = index + part.length;
  }
  return end > 0 && end === text.length && !text.endsWith(',');
}
