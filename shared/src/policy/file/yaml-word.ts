/** Words that YAML 1.2 or 1.1 readers do not take for text. */
const NOT_TEXT = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/iu;

/** A YAML scalar that reads back as exactly this text: plain if possible, else quoted as JSON, which YAML reads the same way. */
export function yamlWord(text: string): string {
  const plain = /^[A-Za-z](?:[\w .-]*[\w.-])?$/u.test(text) && !NOT_TEXT.test(text);
  return plain ? text : JSON.stringify(text).replace(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
