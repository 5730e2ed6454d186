/** Whether a text is a distinguished name and nothing more: what a signing certificate says about its owner. Pure. */

/** As Java, OpenSSL and the service print them (RFC 4514, X.520); others come as numbers. */
const ATTRIBUTE =
  /^(?:CN|OU|O|L|S|ST|C|DC|STREET|POSTALCODE|UID|E|EMAIL|EMAILADDRESS|SERIALNUMBER|BUSINESSCATEGORY|T|TITLE|SN|SURNAME|GN|GIVENNAME|INITIALS|GENERATION|DNQ|DNQUALIFIER|(?:OID\.)?\d+(?:\.\d+)+)$/iu;
const PART = / ?(?<attribute>[a-z\d.]+) ?= ?(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<bare>(?:[^",=\\]|\\.)*))(?: ?,|$)/giuy;

/** Apple's certificates put a colon into the name, and the team behind it. */
const APPLE_NAME = /^(?:Apple|iPhone) (?:Development|Developer|Distribution): /u;
const APPLE_TEAM = / \([A-Z0-9]{10}\)$/u;
/** The legal forms that hold a full stop before a blank. */
const LEGAL_FORM = /\b(Co|Pte|Pty|Pvt|Sdn)\. (?=(?:Ltd|Limited|Bhd)\b)/gu;
/** No colon, no dash between blanks: they end or turn a sentence. In brackets stands one more name. */
const WORD = /^(?:\((?=\p{Lu}))?[\p{L}\p{N}&*_][\p{L}\p{M}\p{N}.,'\u2019&@/_*-]*\)?$/u;
/** Names hold few words that begin small, `San francisco` or `an der Lippe`; a sentence holds many. */
const MOST_SMALL_WORDS = 2;

/** Commas are part of a name where they are quoted or escaped. */
function isName(text: string): boolean {
  const plain = text.replace(APPLE_NAME, '').replace(APPLE_TEAM, '').replace(LEGAL_FORM, '$1 ');
  const words = plain.split(/,? /u);
  // A full stop before a blank ends a sentence (`com.example` holds none), and brackets at the end hold a remark.
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
