/**
 * Makes `shared/src/catalogue/catalogue-data.json` from the project's reference, which lies beside the repository and is not part
 * of it. What the gate needs is kept, each fact with its confidence; where it was read (addresses, people's repositories) is not.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const TARGET = 'shared/src/catalogue/catalogue-data.json';

/**
 * The reference's short names of its sources, in words that a reader of the catalogue understands.
 * @type {Array<[RegExp, string]>}
 */
const SOURCE_WORDS = [
  [/\bPDF5\/PDF6\b/g, 'two real certificates'],
  [/\bPDF[356]\b/g, 'a real certificate'],
  [/\bGL-A's README\b/g, "a public sample's README"],
  [/\b(?:GL-[AIT]|NIR|ADS|MKS)\b/g, 'a public sample'],
  [/\bKB-(?:RL|MCC)\b/g, 'KB'],
];

/** @param {string | null} note */
function plainNote(note) {
  return note === null ? null : SOURCE_WORDS.reduce((text, [tag, words]) => text.replaceAll(tag, words), note);
}

/**
 * Leaves out what is empty, so that the file stays small and an absent fact reads as absent.
 * @param {Record<string, unknown>} fields
 */
function compact(fields) {
  return Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0),
    ),
  );
}

/** @param {any} entry one of the reference's `entries` */
function toEntry(entry) {
  return compact({
    name: entry.feature,
    suggestedName: entry.suggestedName,
    key: entry.key,
    keyPairing: entry.keyPairing,
    relatedKeys: entry.relatedKeys,
    category: entry.category,
    platforms: entry.platforms,
    aliases: entry.aliases,
    events: (entry.threatEvents ?? []).map((/** @type {any} */ event) =>
      compact({ name: event.name, pairing: event.pairing, direction: event.direction, ref: event.ref }),
    ),
    retired:
      entry.retired === null
        ? null
        : compact({ date: entry.retired.date, successor: entry.retired.successor, note: entry.retired.note }),
    confidence: entry.confidence,
    note: plainNote(entry.note),
  });
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

/** One entry a line: a change of one entry is a change of one line. @param {unknown[]} items */
function lines(items) {
  return `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
}

/** @returns {Promise<import('../tasks/generate.mjs').Generated>} */
export async function generate() {
  const dir = process.env.FUSEGATE_SHARED_DIR ?? path.join('..', 'shared');
  const source = path.join(dir, 'reference', 'feature-catalog.json');
  if (!existsSync(source))
    return { skipped: `its source (feature-catalog.json of the reference) is not here; ${TARGET} is kept` };
  const reference = JSON.parse(readFileSync(source, 'utf8'));
  const head = `"compiled": ${JSON.stringify(reference.compiled)}`;
  const modes = lines(reference.threatEventModes.map(toMode));
  const entries = lines(reference.entries.map(toEntry));
  return { files: [{ path: TARGET, content: `{\n  ${head},\n  "modes": ${modes},\n  "entries": ${entries}\n}\n` }] };
}
