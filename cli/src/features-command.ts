import type { CatalogueRow } from '@fusegate/shared/catalogue/search';
import { EXIT } from '@fusegate/shared/model/errors';
import type { Platform } from '@fusegate/shared/model/run-request';
import { aligned } from '@fusegate/shared/text/columns';
import type { CommandIo } from './command-io.ts';
import { FEATURES_HELP } from './help.ts';

interface FeaturesArguments {
  query: string;
  platform?: Platform;
  json: boolean;
  help: boolean;
  wrong: string[];
}

function readArguments(words: readonly string[]): FeaturesArguments {
  const query: string[] = [];
  const found: FeaturesArguments = { query: '', json: false, help: false, wrong: [] };
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? '';
    const platform = /^--platform(?:=(.*))?$/s.exec(word);
    if (platform) {
      const value = (platform[1] ?? words[++index] ?? '').toLowerCase();
      if (value === 'android' || value === 'ios') found.platform = value;
      else found.wrong.push(`--platform "${value}" is not one of its values (android, ios)`);
    } else if (word === '--json') found.json = true;
    else if (word === '--help' || word === '-h') found.help = true;
    else if (word.startsWith('-')) found.wrong.push(`${word} is not an option (--platform, --json, --help)`);
    else query.push(word);
  }
  return { ...found, query: query.join(' ') };
}

/** No wider, however long a value is: one long name must not push everything aside. */
const WIDEST = [48, 40, 12, 40];

function table(rows: readonly CatalogueRow[], words: Readonly<Record<CatalogueRow['confidence'], string>>): string[] {
  const cells = rows.map(({ name, key, platforms, component, retired, confidence }) => [
    name,
    key ?? '-',
    platforms.join(', ') || '-',
    retired ? `retired ${retired.date}` : component ? 'a supporting component, not a protection' : words[confidence],
  ]);
  return aligned([['NAME', 'KEY', 'PLATFORM', 'KNOWN FROM'], ...cells], (column) => WIDEST[column] ?? 0);
}

/** The gate refuses such a name with the same words. */
function choiceLine(query: string, { why, names }: { why: string; names: readonly string[] }): string {
  const choice =
    names.length > 0 ? `Require the one that you mean: ${names.join(', ')}.` : 'None is known for this platform.';
  return `"${query}" could mean several protections: ${why}. ${choice}`;
}

/** As in grep: the search was valid but found nothing. */
const NOTHING_FOUND = 1;

/**
 * `fusegate features [QUERY]`: names that can be required.
 * @returns the process exit
 */
export async function listFeatures(words: readonly string[], io: CommandIo): Promise<number> {
  const { query, platform, json, help, wrong } = readArguments(words);
  if (help) {
    io.stdout.write(`${FEATURES_HELP}\n`);
    return EXIT.pass;
  }
  if (wrong.length > 0) {
    io.stderr.write(`${['error: wrong options:', ...wrong.map((line) => `  ${line}`)].join('\n')}\n`);
    return EXIT.usage;
  }
  const { CONFIDENCE_WORDS, searchCatalogue } = await import('@fusegate/shared/catalogue/search');
  const { resolveName } = await import('@fusegate/shared/catalogue/names');
  const rows = searchCatalogue(query, platform ? { platform } : {});
  const meant = resolveName(query, platform);
  if (json) io.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else if (rows.length === 0) {
    const none =
      meant.kind === 'choice' ? choiceLine(query, meant) : `No protection is called anything like "${query}".`;
    io.stdout.write(`${none} You can still require a name that a certificate prints: \`key: NAME\`.\n`);
  } else {
    if (meant.kind === 'choice') io.stdout.write(`${choiceLine(query, meant)}\n`);
    io.stdout.write(`${table(rows, CONFIDENCE_WORDS).join('\n')}\n`);
    for (const { name, note } of rows.slice(0, 5)) if (query !== '' && note) io.stdout.write(`  ${name}: ${note}\n`);
  }
  return rows.length === 0 ? NOTHING_FOUND : EXIT.pass;
}
