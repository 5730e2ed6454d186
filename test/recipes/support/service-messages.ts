/** Service messages in a TeamCity log ("Service Messages": format, escaped values, comments on what is disabled). */

export interface ServiceMessage {
  name: string;
  /** The one value of a message that names none is under ''. */
  values: Record<string, string>;
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', r: '\r' };

function unescaped(text: string): string {
  return text.replaceAll(/\|(?:0x([0-9a-fA-F]{4})|(.))/g, (_, code: string | undefined, sign: string) =>
    code === undefined ? (ESCAPED[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

const VALUE = String.raw`'((?:\|.|[^|'\r\n[\]])*)'`;

function parsed(line: string): ServiceMessage {
  const found = /^##teamcity\[(\w+)((?: .*)?)\]$/.exec(line.trim());
  const [, name = '', rest = ''] = found ?? [];
  const single = new RegExp(`^ ${VALUE}$`).exec(rest);
  if (single) return { name, values: { '': unescaped(single[1] ?? '') } };
  if (found === null || !new RegExp(`^(?: \\w+=${VALUE})*$`).test(rest)) throw new Error(`no service message: ${line}`);
  const pairs = [...rest.matchAll(new RegExp(` (\\w+)=${VALUE}`, 'g'))];
  return { name, values: Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, unescaped(value)])) };
}

/** In their order, but for those that stand where messages are disabled. Throws where a line has one that TeamCity could not read. */
export function serviceMessages(log: string): ServiceMessage[] {
  const messages: ServiceMessage[] = [];
  let enabled = true;
  for (const line of log.split('\n').filter((each) => each.includes('##teamcity['))) {
    if (/##teamcity\[enableServiceMessages\]/.test(line)) enabled = true;
    else if (!enabled) continue;
    else if (/##teamcity\[disableServiceMessages\]/.test(line)) enabled = false;
    else messages.push(parsed(line));
  }
  return messages;
}
