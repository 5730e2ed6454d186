import { loadTypeScript } from '../bundles.mjs';

const PATH = 'docs/reference/protections.md';

const HEAD = `<!-- Generated from the catalogue by \`npm run generate\`. Do not edit. -->

# Protections

Every name in the catalogue: what to write in \`required-features\` or in a policy, and what the gate looks for on the certificate.
Case, ™, hyphens, underscores and spaces do not matter. You can require a protection that is newer than this list by the name that the
certificate prints: \`key: NAME\`. \`fusegate features QUERY\` searches the list.

A name proves a protection only if a real certificate prints it, or if it uses the same words. Names that are linked to a protection by
meaning say which one you want; they prove nothing. "Known from" says how certain a name is. We have not seen an iOS certificate yet.
`;

const SEEN = `## Seen on a real certificate

A certificate prints the key as a chip under its section, and the display name as a line under APPLICATION THREAT INTELLIGENCE if the
protection's Threat-Events are on.
`;

const UNSEEN = `## Not seen on a certificate yet

This project has seen no certificate that prints these, so each is searched for under its own name and the key made from the same words.
If one is missing although the Fusion Set has it, \`fusegate explain FILE\` lists what the certificate prints. Require that name
(\`key: NAME\`), or map it in a policy: \`aliases: { PROTECTION: [NAME] }\`.
`;

const COMPONENTS = `## Supporting components

These support protections but are not protections themselves. A policy that lists only these requires nothing, which is an error, and
an alias may not point to one. If one is missing, require the protections that you want instead.
`;

const RETIRED = `## Retired

These can no longer be switched on, so requiring one is an error (exit 2). If there is a successor, require that.
`;

const OTHER = `## Other names

Threat-Events, older names and common names lead to one protection. The run says so: "'Root Prevention' is required as Root Detection".
`;

const CHOICES = `## Names that could mean several protections

Each of these is an error (exit 2) that lists the protections to choose from; \`fusegate features\` offers the same choice.
`;

const PLATFORM = { android: 'Android', ios: 'iOS' };

/** @param {string[]} head @param {string[][]} rows */
function table(head, rows) {
  const line = (/** @type {string[]} */ cells) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|') || '–').join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** @param {readonly string[]} names */
const code = (names) => names.map((name) => `\`${name}\``).join(', ');

/**
 * The next step, short, as the gate's message has it (`policy/rules/presence.ts`).
 * @param {import('../../shared/src/catalogue/search.ts').CatalogueRow} row
 * @param {(name: string) => boolean} isComponent
 */
function missing(row, isComponent) {
  if (row.printing === 'not-seen') return 'switch it on; if it is on, `explain`, then `key:` or `aliases:`';
  const switchOn = 'switch it on in the Fusion Set, save the Fusion Set, build again';
  if (row.seenNear.length === 0) return switchOn;
  const withoutEvents = row.seenNear.filter((name) => !isComponent(name));
  return withoutEvents.length === 0
    ? `${switchOn}; ${code(row.seenNear)} does not prove it`
    : `switch it on with its Threat-Events; without them certificates print ${code(withoutEvents)} at most, which does not prove it`;
}

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const { CONFIDENCE_WORDS, searchCatalogue } = await loadTypeScript('shared/src/catalogue/search.ts');
  const { isComponent } = await loadTypeScript('shared/src/catalogue/names.ts');
  const { normaliseName } = await loadTypeScript('shared/src/text/normalise.ts');
  const { SYNONYMS } = await loadTypeScript('shared/src/catalogue/synonyms.ts');
  /** @type {import('../../shared/src/catalogue/search.ts').CatalogueRow[]} */
  const rows = searchCatalogue();
  const platforms = (/** @type {typeof rows[number]} */ row) => {
    const named = row.platforms.map((platform) => PLATFORM[platform]).join(', ');
    if (row.platformsOpen) return `${named}; others may have it`;
    return row.platforms.length === 1 ? `${named} alone` : named;
  };
  const known = (/** @type {typeof rows[number]} */ row) => CONFIDENCE_WORDS[row.confidence];
  const protections = rows.filter((row) => !row.retired && !row.component);
  const seen = protections.filter((row) => row.printing === 'seen');
  const unseen = protections.filter((row) => row.printing === 'not-seen');
  const components = rows.filter((row) => row.component);
  const retired = rows.filter((row) => row.retired);
  const others = rows
    .flatMap((row) => [...row.events, ...row.alsoCalled].map((name) => ({ name, means: row.name })))
    .filter(({ name, means }) => normaliseName(name) !== normaliseName(means))
    .sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const choices = SYNONYMS.filter((/** @type {any} */ { choose }) => choose);
  const sections = [
    HEAD,
    SEEN,
    table(
      ['Write', 'Key', 'Section', 'Platforms', 'Threat-Events', 'Known from', 'When it is missing'],
      seen.map((row) => [
        row.name,
        code(row.key ? [row.key] : []),
        row.category ?? '',
        platforms(row),
        code(row.events),
        known(row),
        missing(row, isComponent),
      ]),
    ),
    UNSEEN,
    table(
      ['Write', 'Looked for as', 'Platforms', 'Threat-Events', 'Known from', 'When it is missing'],
      unseen.map((row) => [
        row.name,
        code(row.lookedFor),
        platforms(row),
        code(row.events),
        known(row),
        missing(row, isComponent),
      ]),
    ),
    COMPONENTS,
    table(
      ['Name', 'Known from', 'Why'],
      components.map((row) => [row.name, known(row), row.note ?? '']),
    ),
    RETIRED,
    table(
      ['Name', 'Retired', 'Successor'],
      retired.map((row) => [row.name, row.retired?.date ?? '', row.retired?.successor ?? '']),
    ),
    OTHER,
    table(
      ['Name', 'Is required as'],
      others.map(({ name, means }) => [name, means]),
    ),
    CHOICES,
    table(
      ['Names', 'Choose from', 'Why'],
      choices.map((/** @type {any} */ { said, means, why }) => [said.join(', '), means.join(', '), why]),
    ),
  ];
  return { files: [{ path: PATH, content: `${sections.map((section) => section.trimEnd()).join('\n\n')}\n` }] };
}
