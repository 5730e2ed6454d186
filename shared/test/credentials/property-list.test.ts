import { buildBinary } from 'plist';
import { describe, expect, it } from 'vitest';
import { checkIosCredentials } from '../../src/credentials/ios-credentials.ts';
import { readPropertyList } from '../../src/credentials/property-list.ts';
import { judgeContent } from '../../src/intake/input-files/content-rules.ts';
import { NOW } from '../preflight/credential-fixtures.ts';

const VALUE = { 'aps-environment': 'production', 'keychain-access-groups': ['SYNTH12345.com.example.shop'] };
const BODY =
  '<plist version="1.0"><dict><key>aps-environment</key><string>production</string>' +
  '<key>keychain-access-groups</key><array><string>SYNTH12345.com.example.shop</string></array></dict></plist>';
const XML = `<?xml version="1.0" encoding="UTF-8"?>\n${BODY}`;
const WIDE = XML.replace('UTF-8', 'UTF-16');
const OPENSTEP = '{ "aps-environment" = production; "keychain-access-groups" = ( "SYNTH12345.com.example.shop" ); }';

function blob(content: string): Buffer {
  const header = Buffer.from('fade717100000000', 'hex');
  header.writeUInt32BE(content.length + 8, 4);
  return Buffer.concat([header, Buffer.from(content)]);
}

describe('entitlements as tools leave them', () => {
  it.each<[string, Buffer]>([
    ['Xcode', Buffer.from(XML)],
    ['an editor on Windows', Buffer.from(`\uFEFF${XML.replace('\n', '\r\n')}\r\n`)],
    ['blank lines before', Buffer.from(`\n\n  ${XML}\n`)],
    ['no declaration', Buffer.from(BODY)],
    ['plutil -convert binary1', Buffer.from(buildBinary(VALUE))],
    ['PowerShell', Buffer.from(`\uFEFF${WIDE}`, 'utf16le')],
    ['UTF-16 of the other order', Buffer.from(`\uFEFF${WIDE}`, 'utf16le').swap16()],
    ['OpenStep', Buffer.from(OPENSTEP)],
    ['codesign -d', blob(XML)],
  ])('%s', async (_, bytes) => {
    expect(judgeContent('entitlements', bytes)).toEqual({});
    expect(await readPropertyList(bytes)).toEqual({ state: 'read', value: VALUE });
  });

  it.each<[string, Buffer]>([
    ['half of it', Buffer.from(XML.slice(0, 120))],
    ['OpenStep that does not end', Buffer.from(OPENSTEP.slice(0, 40))],
    ['an array', Buffer.from('( one, two )')],
    ['prose', Buffer.from('the entitlements of the shop')],
    ['a blob with nothing in it', blob('')],
  ])('%s is none', async (_, bytes) => {
    const list = await readPropertyList(bytes);
    expect(list).toMatchObject({ state: 'invalid' });
    const { problems } = checkIosCredentials({ profiles: [], entitlements: [{ file: 'a.plist', list }] }, NOW);
    expect(problems).toMatchObject([{ option: 'entitlements', message: expect.stringMatching(/^a\.plist is not/) }]);
  });

  it.each([
    ['$(AppIdentifierPrefix)com.example.shop', true],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Xcode writes it
    ['${TeamIdentifierPrefix}com.example.shop', true],
    ['SYNTH12345.com.example.shop', false],
    ['costs $5 (net)', false],
  ])('%s is unexpanded: %s', (text, unexpanded) => {
    const list = { state: 'read' as const, value: { 'application-identifier': [{ group: text }] } };
    const given = { profiles: [], entitlements: [{ file: 'a.plist', list }] };
    const { problems, warnings } = checkIosCredentials(given, NOW);
    expect(problems).toEqual([]);
    expect(warnings).toEqual(unexpanded ? [expect.stringMatching(/^The entitlements a\.plist hold/)] : []);
  });
});
