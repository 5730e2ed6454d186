/** The rules about who may import what, and read the environment (`npm run check`), can fail: each is broken once, in a small copy. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';
import directions, { GROUND, ROOMS } from '../../.dependency-cruiser.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** @returns a folder with a tree of these files */
function house(files: Record<string, string>): string {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'fusegate-arrows-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true });
    writeFileSync(path.join(dir, file), text);
  }
  return dir;
}

/** @returns the exit code and what the program printed */
function tool(script: string, args: string[], cwd: string): { status: number | null; output: string } {
  const done = spawnSync(process.execPath, [path.join(root, 'node_modules', script), ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  return { status: done.status, output: done.stdout + done.stderr };
}

const foldersOf = (files: Record<string, string>) => [
  ...new Set(Object.keys(files).map((file) => file.split('/').slice(0, 2).join('/'))),
];

/** @returns the rules that these files break */
async function broken(files: Record<string, string>): Promise<string[]> {
  const baseDir = house({ 'tsconfig.json': '{}', ...files });
  const { options, forbidden } = directions;
  const ruleSet = { forbidden: forbidden as IForbiddenRuleType[] };
  const { output } = await cruise(foldersOf(files), { ...options, baseDir, validate: true, ruleSet });
  if (typeof output === 'string') throw new Error(output);
  expect(output.summary.totalCruised).toBeGreaterThan(0);
  return output.summary.violations.filter(({ rule }) => rule.severity === 'error').map(({ rule }) => rule.name);
}

const leaf = 'export const leaf = 1;\nexport interface Shape {\n  a: string;\n}\n';

describe('the direction of imports', () => {
  it('lets a lower room import a higher one', async () => {
    const files = {
      'shared/src/model/leaf.ts': leaf,
      'shared/src/api/user.ts': "import { leaf } from '../model/leaf.ts';\nexport const user = leaf;\n",
    };
    expect(await broken(files)).toEqual([]);
  });

  it('ends the check where it is broken', () => {
    const files = { 'shared/src/model/user.ts': "export { cwd } from 'node:process';\n" };
    const config = ['--config', path.join(root, '.dependency-cruiser.mjs')];
    const dir = house({ 'tsconfig.json': '{}', ...files });
    const { status, output } = tool(
      'dependency-cruiser/bin/dependency-cruise.mjs',
      [...config, ...foldersOf(files)],
      dir,
    );
    expect(output).toContain('outside-model');
    expect(status).not.toBe(0);
  });

  it.each<[rule: string, files: Record<string, string>]>([
    [
      'room-model',
      {
        'shared/src/api/leaf.ts': leaf,
        'shared/src/model/user.ts': "import type { Shape } from '../api/leaf.ts';\nexport type User = Shape;\n",
      },
    ],
    [
      'no-circles',
      {
        'shared/src/text/one.ts': "import { two } from './two.ts';\nexport const one = () => two;\n",
        'shared/src/text/two.ts': "import { one } from './one.ts';\nexport const two = () => one;\n",
      },
    ],
    [
      'every-file-has-a-room',
      {
        'shared/src/leaf.ts': leaf,
        'cli/src/user.ts': "import { leaf } from '../../shared/src/leaf.ts';\nexport const user = leaf;\n",
      },
    ],
    [
      'a-file-without-a-room-imports-nothing',
      {
        'shared/src/jobs/leaf.ts': leaf,
        'shared/src/newroom/user.ts': "import { leaf } from '../jobs/leaf.ts';\nexport const user = leaf;\n",
      },
    ],
    [
      'the-library-door',
      {
        'shared/src/jobs/leaf.ts': leaf,
        'shared/src/index.ts': "export { leaf } from './jobs/leaf.ts';\n",
      },
    ],
    ['outside-report', { 'shared/src/report/user.ts': "export { readFile } from 'node:fs/promises';\n" }],
    ['outside-policy', { 'shared/src/policy/user.ts': "export { default } from 'axios';\n" }],
    ['outside-model', { 'shared/src/model/user.ts': "export { cwd } from 'node:process';\n" }],
    [
      'plugins-import-shared-only',
      {
        'cli/src/leaf.ts': leaf,
        'jenkins-shim/src/user.ts': "import { leaf } from '../../cli/src/leaf.ts';\nexport const user = leaf;\n",
      },
    ],
    [
      'emulator-imports-model-only',
      {
        'shared/src/api/leaf.ts': leaf,
        'emulator/src/user.ts': "import { leaf } from '../../shared/src/api/leaf.ts';\nexport const user = leaf;\n",
      },
    ],
    [
      'cli-imports-shared-and-emulator',
      {
        'actions/src/leaf.ts': leaf,
        'cli/src/user.ts': "import { leaf } from '../../actions/src/leaf.ts';\nexport const user = leaf;\n",
      },
    ],
    [
      'sources-import-no-tests',
      {
        'shared/test/leaf.ts': leaf,
        'shared/src/api/user.ts': "import { leaf } from '../../test/leaf.ts';\nexport const user = leaf;\n",
      },
    ],
  ])('refuses what breaks %s', async (rule, files) => {
    expect(await broken(files)).toContain(rule);
  });
});

describe('the rooms', () => {
  it('are drawn in docs/architecture.md with the arrows of the rules', () => {
    const drawn = drawnArrows(readFileSync(path.join(root, 'docs/architecture.md'), 'utf8'));
    const below = (room: string): string[] => (drawn.get(room) ?? []).flatMap((next) => [next, ...below(next)]);
    const wrong = Object.entries(ROOMS).flatMap(([room, allowed]) => {
      if (GROUND.includes(room) || room === 'library') return [];
      const shown = new Set(below(room).flatMap((next) => (next === 'ground' ? GROUND : [next])));
      return [
        ...(drawn.get(room) ?? [])
          .filter((next) => next !== 'ground' && !allowed.includes(next))
          .map((next) => `${room} --> ${next} is drawn, but forbidden`),
        ...allowed.filter((next) => !shown.has(next)).map((next) => `${room} --> ${next} is allowed, but not drawn`),
      ];
    });
    expect(wrong).toEqual([]);
  });

  it('have no arrow that nothing uses', () => {
    const unused = Object.entries(ROOMS)
      .filter(([room]) => room !== 'jobs' && room !== 'adapter')
      .flatMap(([room, allowed]) => {
        const used = importedBy(path.join(root, 'shared/src', room));
        return allowed.filter((next) => !GROUND.includes(next) && !used.has(next)).map((next) => `${room} --> ${next}`);
      });
    expect(unused).toEqual([]);
  });
});

/** The arrows of the picture: from each room to the rooms below it. */
function drawnArrows(page: string): Map<string, string[]> {
  const arrows = page.matchAll(/^ +([\w-]+)(?:\[.*?\])? --> ([\w &-]+)$/gm);
  return new Map([...arrows].map(([, from = '', to = '']) => [from, to.split(' & ')]));
}

/** The rooms that a room's files import. */
function importedBy(folder: string): Set<string> {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return new Set(
    sources.flatMap((file) => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const imports = text.matchAll(/(?:from|import\() ?'(\.[^']+)'/g);
      return [...imports].map(([, to = '']) => path.join(path.dirname(file), to).split(path.sep)[1] ?? '');
    }),
  );
}

describe('the environment', () => {
  function lint(file: string, text: string) {
    const dir = house({ [file]: text });
    copyFileSync(path.join(root, 'biome.json'), path.join(dir, 'biome.json'));
    return tool('@biomejs/biome/bin/biome', ['lint', '--vcs-enabled=false', '.'], dir);
  }
  const read = "export const home = process.env['HOME'];\n";

  it.each([
    ['noProcessEnv', read],
    ['noRestrictedImports', "import { env } from 'node:process';\nexport const home = env['HOME'];\n"],
  ])('is not read in a room of shared/: %s', (rule, text) => {
    const { status, output } = lint('shared/src/policy/home.ts', text);
    expect(output).toContain(rule);
    expect(status).not.toBe(0);
  });

  it.each(['shared/src/api/agents.ts', 'actions/src/main.ts'])('is read in %s', (file) => {
    expect(lint(file, read)).toMatchObject({ status: 0 });
  });
});
