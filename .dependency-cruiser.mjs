/**
 * The rooms of the house and the arrows between them (docs/architecture.md). `npm run check` fails on any other arrow; types count.
 *
 * A room may import itself and the rooms that it lists. Whoever needs another arrow moves the code to the room where it belongs.
 */
import { PACKAGES, PLUGINS } from './scripts/packages.mjs';

export const GROUND = ['model', 'text', 'files', 'secrets'];

/** @type {Record<string, string[]>} */
export const ROOMS = {
  model: [],
  text: ['model'],
  files: ['model', 'text'],
  secrets: ['model', 'text'],
  catalogue: GROUND,
  api: GROUND,
  certificate: [...GROUND, 'catalogue'],
  options: [...GROUND, 'api'],
  credentials: GROUND,
  'threat-events': [...GROUND, 'catalogue', 'certificate', 'credentials'],
  policy: [...GROUND, 'catalogue', 'api', 'certificate', 'options'],
  pipeline: [...GROUND, 'api'],
  intake: [...GROUND, 'api', 'certificate', 'options', 'credentials', 'policy', 'threat-events', 'pipeline'],
  report: [...GROUND, 'catalogue', 'api', 'certificate', 'policy'],
};
const ABOVE = Object.keys(ROOMS);
ROOMS['jobs'] = ABOVE;
ROOMS['adapter'] = [...ABOVE, 'jobs'];
ROOMS['library'] = [...GROUND, 'api', 'certificate', 'pipeline'];

const IN_A_ROOM = `^shared/src/(${Object.keys(ROOMS).join('|')})/`;

/**
 * Rooms that work on what they are given: no disk, no network. What each may import from Node and from npm; `sarif` has types only.
 * `certificate` reads PDFs in a process of its own.
 *
 * @type {Record<string, string[]>}
 */
const OUTSIDE = {
  model: ['util', 'zod'],
  text: ['util', 'fastest-levenshtein'],
  catalogue: [],
  certificate: ['zlib', 'unpdf', 'child_process', 'worker_threads', 'url', 'os'],
  options: ['util'],
  policy: ['crypto', 'yaml', 'zod'],
  report: ['crypto', 'path', 'sarif'],
};

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circles',
      comment: 'A circle of imports has no top and no bottom, so nothing in it can be understood or moved alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(ROOMS).map(([room, below]) => ({
      name: `room-${room}`,
      comment: `${room} may import ${below.length === 0 ? 'nothing of ours' : below.join(', ')}.`,
      severity: /** @type {const} */ ('error'),
      from: { path: `^shared/src/${room}/` },
      to: {
        path: `^(${PACKAGES.join('|')})/src/`,
        pathNot: `^shared/src/(${[room, ...below].join('|')})/`,
      },
    })),
    ...Object.entries(OUTSIDE).map(([room, modules]) => ({
      name: `outside-${room}`,
      comment: `${room} reads no file and opens no connection. From outside it may import ${modules.join(', ') || 'nothing'}.`,
      severity: /** @type {const} */ ('error'),
      from: { path: `^shared/src/${room}/` },
      to: {
        pathNot: `^shared/src/|^(node:)?(${modules.join('|')})$|(^|/)node_modules/(@types/)?(${modules.join('|')})/`,
      },
    })),
    {
      name: 'every-file-has-a-room',
      comment: 'Everything of shared/ stands in a room; index.ts is the door of the published library.',
      severity: 'error',
      from: {},
      to: { path: '^shared/src/', pathNot: [IN_A_ROOM, '^shared/src/index\\.ts$'] },
    },
    {
      name: 'a-file-without-a-room-imports-nothing',
      comment: 'A new room starts with its line in ROOMS, which says what it may import.',
      severity: 'error',
      from: { path: '^shared/src/', pathNot: [IN_A_ROOM, '^shared/src/index\\.ts$'] },
      to: {},
    },
    {
      name: 'the-library-door',
      comment: 'index.ts publishes library and the rooms below it.',
      severity: 'error',
      from: { path: '^shared/src/index\\.ts$' },
      to: { pathNot: `^shared/src/(library|${ROOMS['library'].join('|')})/` },
    },
    {
      name: 'plugins-import-shared-only',
      comment: 'No plugin imports the code of another package than shared.',
      severity: 'error',
      from: { path: `^(${PLUGINS.join('|')})/src/` },
      to: { path: `^(cli|emulator|${PLUGINS.join('|')})/src/`, pathNot: '^$1/src/' },
    },
    {
      name: 'cli-imports-shared-and-emulator',
      comment: 'The CLI starts the embedded build service, and imports no plugin.',
      severity: 'error',
      from: { path: '^cli/src/' },
      to: { path: `^(${PLUGINS.join('|')})/src/` },
    },
    {
      name: 'emulator-imports-model-only',
      comment:
        'The embedded service is a second opinion on the protocol: it shares the clock and the version with the client, and no more.',
      severity: 'error',
      from: { path: '^emulator/src/' },
      to: {
        path: `^(shared|cli|${PLUGINS.join('|')})/src/`,
        pathNot: '^shared/src/model/(clock|version)\\.ts$',
      },
    },
    {
      name: 'sources-import-no-tests',
      severity: 'error',
      from: { path: '^[^/]+/src/' },
      to: { path: '(^|/)test/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
};
