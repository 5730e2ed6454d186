/** Words that YAML 1.2 or 1.1 readers take for something else than text. */
const NOT_TEXT = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/iu;

/** A scalar of YAML that is read back as this very text: plain where it can be, else quoted as JSON, which YAML reads alike. */
export function yamlWord(text: string): string {
  const plain = /^[A-Za-z](?:[\w .-]*[\w.-])?$/u.test(text) && !NOT_TEXT.test(text);
  return plain ? text : JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
