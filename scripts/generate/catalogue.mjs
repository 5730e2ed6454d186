/**
 * Makes `shared/src/catalogue/catalogue-data.json` and `event-data.json` from the project's reference, which is not part of the
 * repository. They keep what the gate and the commands need, each fact with its confidence, but not where the fact was read (addresses, people's repositories).
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TARGET = 'shared/src/catalogue/catalogue-data.json';
/** What only `fusegate threat-events` needs; the gate does not load it. */
const EVENT_DATA = 'shared/src/catalogue/event-data.json';

/**
 * The reference's short names for its sources, in words that readers of the catalogue understand.
 * @type {Array<[RegExp, string]>}
 */
const SOURCE_WORDS = [
  [/\bPDF5\/PDF6\b/g, 'two real certificates'],
  [/\bPDF[356]\b/g, 'a real certificate'],
  [/\bGL-A's README\b/g, "a public sample's README"],
  [/\b(?:GL-[AIT]|NIR|ADS|MKS)\b/g, 'a public sample'],
  [/\bKB-(?:RL|MCC)\b/g, 'KB'],
];

/**
 * Notes in the reference that address its readers, reworded for users.
 * @type {Array<[RegExp, string]>}
 */
const NOTE_WORDS = [
  [/^catalogue says .*$/, 'Pages of 2021 to 2023 only; it may no longer be offered'],
  [/^service ended; use for .*$/, 'Service ended'],
  [/; the event table is cut off .*$/, '; its name was not seen whole'],
  [/ \(cut off in the stored page\)/, ''],
  [/^Alias is the link text in .*$/, 'The name stands in a public sample only'],
  [/^Official Appdome sample .*$/, 'Named in a sample of Appdome of 2016'],
  [/; gives the last two their display names/, ''],
  [/ Candidate REF 6702:.*$/, ''],
  [/^externalID printed/, 'Its Threat-Event is printed'],
  [/ itself in its missing-implementations list/, ' in the list of missing implementations'],
  [/(?:a different )?\bKB slug\b:?/g, 'the page'],
  [/^The slug keeps/, 'The address of the page keeps'],
  [/public sample slug differs/, 'page named in a public sample differs'],
  [/; slug from a public sample/, ''],
  [/ Threat-Event NAME and REF are blank in the KB table\./, ''],
  [/\bA KB article\b/, "An article in Appdome's documentation"],
  [/\bKB pages of 2024 call\b/, "Pages of 2024 in Appdome's documentation call"],
  [/, without a KB link/, ''],
  [/only in KB text/, "only in texts of Appdome's documentation"],
  [/\bKB\b/g, "Appdome's documentation"],
  [/"no notifications" - so BlockedKeyboardEvent should be treated as Android-only/, 'it sends no event there'],
];

/** @param {string | null} note @returns {string | null} sentences */
function plainNote(note) {
  if (note === null) return null;
  const plain = [...SOURCE_WORDS, ...NOTE_WORDS].reduce((text, [tag, words]) => text.replace(tag, words), note);
  return plain
    .replace(/(?:^|(?<=\. ))\p{Ll}(?=\p{Ll}*[ :,.])/gu, (first) => first.toUpperCase())
    .replace(/[^.]$/, '$&.');
}

/**
 * Leaves out empty fields, so that the file stays small and an absent fact is simply absent.
 * @param {Record<string, unknown>} fields
 */
function compact(fields) {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/**
 * Chips that certificates print but that are not protections themselves, each with the fact that says so. A policy with nothing but these
 * requires nothing, and an alias may not point at one.
 * @type {Record<string, string>}
 */
const COMPONENTS = {
  openssl: 'Supporting plugin: a library that protections use.',
  secure_dictionary: 'Supporting plugin: a store that protections use.',
  threat_events: 'Supporting plugin: the framework that sends Threat-Events, whichever protections use it.',
  os_integrity: 'Plugin of the whole section: its parameters are the protections.',
  secure_communication: 'Plugin of the whole section: it is there with any protection of the section.',
  security_checks:
    'Plugin without a page or a display name, seen under two different sections: which protections need it is unknown.',
  'Threat-Event Meta-Data': 'Adds data to Threat-Events; defends against nothing by itself.',
  'Conditional Enforcement': 'Lets the app decide when other protections act; defends against nothing by itself.',
  'Failsafe Enforcement': 'Acts where the app does not react to the Threat-Event of another protection.',
};

/**
 * Protections that exist on one platform only, by what they defend against. For others that were only ever seen on Android certificates
 * (no iOS certificate has been found) the other platform is open.
 */
const OF_ONE_PLATFORM = new Set([
  'Root Detection',
  'Detect Unknown Sources',
  'Detect Developer Options',
  'Detect Google Emulators',
  'smali_obfuscation',
]);

/** @param {any} entry one of the reference's `entries`, with the additions applied */
function toEntry(entry) {
  const component = COMPONENTS[entry.key ?? entry.feature];
  // If the key has a display name matched by meaning, the note is about that protection.
  const notes = [entry.key && entry.feature ? null : component, plainNote(entry.note)].filter(Boolean);
  return compact({
    name: entry.feature,
    suggestedName: entry.suggestedName,
    key: entry.key,
    keyPairing: entry.keyPairing,
    relatedKeys: entry.relatedKeys,
    category: entry.category,
    platforms: entry.platforms,
    platformsOpen: seenOnCertificatesOnly(entry) ? true : undefined,
    aliases: entry.aliases,
    events: (entry.threatEvents ?? []).map((/** @type {any} */ event) =>
      compact({
        name: event.name,
        pairing: event.pairing,
        direction: event.direction,
        ref: event.ref,
        corroborated: event.corroborated,
      }),
    ),
    retired:
      entry.retired === null
        ? null
        : compact({
            date: entry.retired.date,
            successor: entry.retired.successor,
            note: plainNote(entry.retired.note ?? null),
          }),
    component: component === undefined ? undefined : true,
    confidence: entry.confidence,
    note: notes.length > 0 ? notes.join(' ') : null,
  });
}

/** @param {any} entry */
function seenOnCertificatesOnly(entry) {
  return (
    entry.confidence === 'certificate' &&
    entry.platforms.length === 1 &&
    !OF_ONE_PLATFORM.has(entry.feature ?? entry.key)
  );
}

/** Defaults for every entry, so that an addition can leave out what it does not know. */
const UNKNOWN = {
  feature: null,
  suggestedName: null,
  key: null,
  keyPairing: null,
  relatedKeys: [],
  category: null,
  categoryBasis: null,
  platforms: null,
  aliases: [],
  threatEvents: [],
  retired: null,
  note: null,
  kbSection: null,
};

/** `area/section` of a page's address; null if the address was shortened. @param {string} source */
function kbSection(source) {
  const [, area, section] = /\/how-to\/([\w-]+)\/([\w-]+)\/[\w-]/.exec(source) ?? [];
  return area && section ? `${area}/${section}` : null;
}

/**
 * The reference consists of two files: the catalogue, and later findings, which add entries and correct others.
 * @param {any[]} entries
 * @param {any} additions
 */
function withAdditions(entries, additions) {
  const features = additions.newFeatures.map((/** @type {any} */ found) => ({
    ...UNKNOWN,
    feature: found.displayName,
    platforms: found.platforms,
    aliases: found.aliases,
    retired: found.retired === null ? null : { date: found.retired },
    confidence: found.confidence,
    kbSection: kbSection(found.source),
    note: found.note,
  }));
  const events = additions.newThreatEvents.map((/** @type {any} */ found) => ({
    ...UNKNOWN,
    suggestedName: found.note.replace('suggested entry: ', ''),
    platforms: found.platforms,
    threatEvents: [{ name: found.threatEvent, pairing: 'code' }],
    confidence: found.confidence,
  }));
  const all = structuredClone([...entries, ...features, ...events]);
  for (const update of additions.updatesToExisting) correct(all, update);
  return all;
}

/**
 * Applies one correction from the reference to its entry.
 * @param {any[]} entries
 * @param {any} update
 * @throws if the correction is for an unknown entry, or of an unknown kind
 */
function correct(entries, update) {
  if (update.change === 'corroborated') {
    const events = entries.flatMap((entry) => entry.threatEvents);
    for (const name of update.events) {
      const event = events.find((one) => one.name === name);
      if (event === undefined) throw new Error(`catalogue-additions.json corroborates ${name}, which no entry has`);
      event.corroborated = true;
    }
    return;
  }
  const title = update.entry.replace(/^~/, '');
  const entry = entries.find((one) => (one.feature ?? one.suggestedName) === title);
  if (entry === undefined) throw new Error(`catalogue-additions.json corrects ${title}, which is not an entry`);
  const before = title;
  for (const change of update.change.split('+')) {
    switch (change) {
      case 'rename':
        entry.feature = update.to;
        break;
      case 'displayName':
        entry.feature = update.displayName;
        entry.suggestedName = null;
        entry.confidence = update.confidence;
        break;
      case 'platforms':
        entry.platforms = update.platforms;
        break;
      case 'note':
        // It takes the place of the note that it corrects.
        entry.note = null;
        break;
      case 'eventNote':
        // The pages name both, as events that the app sends.
        for (const event of entry.threatEvents) {
          if (update.note.includes(event.name)) Object.assign(event, { pairing: 'kb', direction: 'input' });
        }
        break;
      case 'alias':
      case 'kbSlug':
      case 'platformNote':
        break;
      default:
        throw new Error(`catalogue-additions.json has an unknown change: ${change}`);
    }
  }
  if (update.displayName && update.platforms) entry.platforms = update.platforms;
  const aliases = [...entry.aliases, ...(update.aliasesAdd ?? []), ...(before === entry.feature ? [] : [before])];
  const titles = [entry.feature, entry.suggestedName].filter(Boolean).map(sameWords);
  const distinct = new Map(aliases.map((alias) => [sameWords(alias), alias]));
  entry.aliases = [...distinct].filter(([words]) => !titles.includes(words)).map(([, alias]) => alias);
  if (update.change === 'eventNote') entry.note = update.note;
  else entry.note = [entry.note, update.note].filter(Boolean).map(plainNote).join(' ') || null;
}

/** @param {string} name */
function sameWords(name) {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Words of addresses that are not written like others. */
const SPELT = Object.fromEntries(
  ['IDAnchor', 'RASP', 'API', 'EDR', 'iOS', 'UX', 'UI', 'and', 'in', 'the'].map((word) => [word.toLowerCase(), word]),
);

/**
 * Section names in the console and the knowledge base, in title case: headings that a certificate with other protections may print.
 * Inferred; excludes those that real certificates print.
 * @param {any[]} entries
 */
function inferredHeadings(entries) {
  const headings = new Set();
  for (const { category, categoryBasis, kbSection } of entries) {
    if (categoryBasis === 'console') {
      for (const step of category.split(' > ').slice(1)) headings.add(step.replace(/ (?:tab|section)$/i, ''));
    }
    for (const slug of kbSection?.split('/') ?? []) {
      const words = slug
        .split('-')
        .map((/** @type {string} */ word) => SPELT[word] ?? word.replace(/^./, (first) => first.toUpperCase()));
      headings.add(words.join(' '));
    }
  }
  const seen = new Set(
    entries.filter((entry) => entry.categoryBasis?.startsWith('certificate')).map((entry) => entry.category),
  );
  return [...headings].filter((heading) => !seen.has(heading)).sort();
}

/** @param {any} mode one of the reference's `threatEventModes` */
function toMode(mode) {
  return compact({
    mode: mode.mode,
    threatEvents: mode.threatEvents,
    label: mode.label,
    certificateWording: mode.certificateWording,
    note: plainNote(mode.note ?? null),
  });
}

/**
 * What every Threat-Event carries. A key that one KB article prints and the other does not is documented for that article's event only.
 * @param {any} reference
 */
function eventData(reference) {
  /** @type {Record<string, string>} */
  const ownEvent = { 'KB-RL': 'MobileBotDefenseRateLimitReached' };
  const elementOf = (/** @type {string} */ key) =>
    reference.threatEventElements
      .find((/** @type {any} */ one) => one.key === key)
      ?.element.replace('Threat-Event ', '');
  const toField = (/** @type {any} */ { key, androidOnly, sources }) =>
    compact({
      key,
      element: elementOf(key),
      androidOnly: androidOnly ? true : undefined,
      documentedFor: sources.length === 1 ? ownEvent[sources[0]] : undefined,
    });
  const listed = reference.threatEventContextKeys.map((/** @type {any} */ one) => one.key);
  const elements = reference.threatEventElements.filter((/** @type {any} */ one) => !listed.includes(one.key));
  const fields = [...elements, ...reference.threatEventContextKeys].map(toField);
  const sampleKeys = reference.extraKeysInSamplePayload.map((/** @type {any} */ one) => one.key);
  return `{\n  "fields": ${lines(fields)},\n  "sampleKeys": ${JSON.stringify(sampleKeys)}\n}\n`;
}

/** One entry per line, so that a change to one entry changes one line. @param {unknown[]} items */
function lines(items) {
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const dir = process.env.FUSEGATE_SHARED_DIR ?? path.join('..', 'shared');
  const sources = ['feature-catalog.json', 'catalogue-additions.json'].map((file) => path.join(dir, 'reference', file));
  if (!sources.every((source) => existsSync(source)))
    return {
      skipped: `its sources (feature-catalog.json and catalogue-additions.json of the reference) are not here; ${TARGET} and ${EVENT_DATA} are kept`,
    };
  const [reference, additions] = sources.map((source) => JSON.parse(readFileSync(source, 'utf8')));
  const all = withAdditions(reference.entries, additions);
  const head = `"compiled": ${JSON.stringify(additions.compiled)}`;
  const modes = lines(reference.threatEventModes.map(toMode));
  const headings = lines(inferredHeadings(all));
  const entries = lines(all.map(toEntry));
  const content = `{\n  ${head},\n  "modes": ${modes},\n  "inferredHeadings": ${headings},\n  "entries": ${entries}\n}\n`;
  return {
    files: [
      { path: TARGET, content },
      { path: EVENT_DATA, content: eventData(reference) },
    ],
  };
}
