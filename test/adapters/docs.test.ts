/** The pages that people read: every snippet is checked by its language. test/site/ checks their links. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT } from '@fusegate/shared/model/errors';
import { VERSION } from '@fusegate/shared/model/version';
import { inputName } from '@fusegate/shared/options/spelling';
import { PLUGINS, SYSTEMS } from '@fusegate/shared/options/systems';
import { transform } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { parseFaults } from '../../emulator/src/faults/instruction.ts';
import { PUBLISH } from '../../scripts/publish.mjs';
import { GRAMMARS, parseProblems } from '../../shared/test/threat-events/code/parse-problems.ts';
import { ROOT } from './support/child-process.ts';
import { DEPLOYING_PAGES, deployJobs, deployProblems } from './support/deploy-jobs.ts';
import { type FencedBlock, fencedBlocks, PAGES, textOf } from './support/fenced-blocks.ts';
import { bracketProblems, groovyProblems } from './support/groovy-problems.ts';
import { rubyProblems } from './support/ruby-problems.ts';
import { commandLines, shellProblems } from './support/shell-problems.ts';
import { yamlProblems } from './support/yaml-problems.ts';

type Check = (block: FencedBlock) => string[] | Promise<string[]>;

/**
 * By language. A block of another language fails, so that no snippet is left unchecked. Beyond this:
 * test/e2e/first-hour.test.ts runs README.md, docs/first-weeks.md and docs/where-things-come-from.md;
 * test/e2e/running-docs.test.ts runs docs/running.md; test/runners/gitlab-ci-local.test.ts the job of docs/other-ci.md;
 * github-manifest.test.ts reads workflows with GitHub's language service; jenkins.test.ts runs the step under Groovy.
 */
const CHECKS: Record<string, Check> = {
  sh: ({ text }) => shellProblems(text, 'sh'),
  bash: ({ text }) => shellProblems(text, 'bash'),
  yaml: ({ text }) => yamlProblems(text),
  yml: ({ text }) => yamlProblems(text),
  json: ({ text }) => {
    const parsed = parseFaults(JSON.parse(text));
    return 'faults' in parsed ? [] : parsed.problems;
  },
  js: async ({ text }) => [...(await syntaxProblems(text)), ...(await importProblems(text))],
  groovy: ({ text }) => groovyProblems(text),
  ruby: ({ text }) => rubyProblems(text),
  diff: ({ text }) => yamlProblems(applied(text)),
  // shared/test/import-directions.test.ts compares the arrows with the rules.
  mermaid: ({ page }) => (page === 'docs/architecture.md' ? [] : ['no test reads this drawing']),
  // test/runners/listener-code.test.ts compiles the first two.
  java: ({ text }) => parseProblems(text, GRAMMARS.java),
  kotlin: ({ text }) => parseProblems(text, GRAMMARS.kotlin),
  swift: ({ text }) => parseProblems(text, GRAMMARS.swift),
  objc: ({ text }) => parseProblems(text, GRAMMARS['objective-c']),
  csharp: ({ text }) => parseProblems(text, GRAMMARS['csharp-ios']),
  dart: ({ text }) => parseProblems(text, GRAMMARS.flutter),
  powershell: ({ text }) => bracketProblems(text.replaceAll(/"[^"\n]*"/g, '""')),
};

async function syntaxProblems(code: string): Promise<string[]> {
  return transform(code, { format: 'esm', target: 'node20' }).then(
    () => [],
    (error: Error) => [error.message],
  );
}

/** What a program imports from the library is exported there. */
async function importProblems(code: string): Promise<string[]> {
  const names = [...code.matchAll(/import \{([^}]*)\} from '@fusegate\/shared'/g)].flatMap(([, list = '']) =>
    list.split(',').map((name) => name.trim()),
  );
  const library = await import('@fusegate/shared');
  return names.filter((name) => !Object.hasOwn(library, name)).map((name) => `the library exports no ${name}`);
}

/** The lines of a diff as they are afterwards, without the indentation that they share. */
function applied(diff: string): string {
  const lines = diff.split('\n').filter((line) => line !== '' && !line.startsWith('-'));
  const texts = lines.map((line) => line.slice(1));
  const indent = Math.min(...texts.map((text) => text.search(/\S/)));
  return texts.map((text) => text.slice(indent)).join('\n');
}

const blocks = PAGES.flatMap(fencedBlocks);

describe('every snippet', () => {
  it.each(blocks.map((block) => ({ ...block, where: `${block.page}:${block.line}` })))(
    '$where, $language',
    async (block) => {
      const check = CHECKS[block.language];
      expect(check, `no check for "${block.language}"`).toBeDefined();
      expect(await check?.(block)).toEqual([]);
    },
  );
});

/** A check that finds nothing wrong with anything would pass above. */
describe('the checks see', () => {
  const broken: Array<[language: string, text: string, said: RegExp]> = [
    ['sh', 'if true; then', /./],
    ['sh', 'fusegate gate --certificat a.pdf', /--certificat\b/],
    ['sh', 'fusegate judge', /judge/],
    ['sh', 'node cli/dist/fusegate.cjs verify --required-features x', /--required-features/],
    ['sh', 'npx --yes fusegate@0.1.0 verify --required-features x', /--required-features/],
    ['sh', 'npx --yes fusegate gate --certificate a.pdf', /not pinned/],
    ['sh', 'npx --yes fusegate@latest gate --certificate a.pdf', /not pinned/],
    ['sh', 'npm run bild', /bild/],
    ['sh', 'node tools/fusegate-jenkins.cjs --ap x', /--ap\b/],
    ['bash', 'node $house/cli/src/mein.ts', /mein/],
    ['yaml', 'a: [', /./],
    ['yaml', 'gate: sometimes', /gate/],
    ['yaml', 'version: 1\npolicy: p.yml\ncases: []', /cases/],
    ['yaml', 'weather: fine', /knows/],
    ['yaml', `- uses: ${PUBLISH.githubAction}@v0\n  with: { apps: x }`, /apps/],
    ['yaml', '- task: Fusegate@0\n  inputs: { apps: x }', /apps/],
    ['yaml', '- task: Fusegate@0\n  input: { app: x }', /input/],
    ['yaml', `- git::${PUBLISH.bitriseStep}@${VERSION}:\n    inputs: [{ apps: x }]`, /apps/],
    ['yaml', `include: [{ component: ${PUBLISH.gitlabComponent}/verify@0.1.0, inputs: { apps: x } }]`, /apps/],
    ['yaml', `include: [{ component: ${PUBLISH.gitlabComponent}/verify@~latest, inputs: { app: x } }]`, /pinned/],
    ['yaml', `orbs: { fusegate: ${PUBLISH.circleciOrb}@volatile }\njob: { script: [ls] }`, /pinned/],
    ['yaml', `steps: [{ uses: ${PUBLISH.teamcityNamespace}/fusegate@0.1.0, inputs: { app: x } }]`, /app/],
    ['yaml', 'steps: [{ fusegate/protect: { apps: x } }]', /apps/],
    ['yaml', 'job: { script: [node fusegate.cjs run --apps x] }', /--apps/],
    ['json', '[{ "do": { "kind": "dance" } }]', /dance|kind/],
    ['js', "import { nothing } from '@fusegate/shared';", /nothing/],
    ['js', 'const = 1', /./],
    ['groovy', "fusegate(apps: 'x')", /apps/],
    ['groovy', "fusegate(app: 'x'", /never closed/],
    ['ruby', "fusegate(\n  apps: 'x'\n)", /apps/],
    ['ruby', "fusegate(app: 'x'", /never closed/],
    ['ruby', 'lane_context[SharedValues::FUSEGATE_APP]', /FUSEGATE_APP/],
    ['diff', `-  - uses: a/b@v1\n+  - uses: ${PUBLISH.githubAction}@v0\n     with:\n+      apps: x\n`, /apps/],
    ['java', 'class A {', /line/],
    ['kotlin', 'class A {', /line/],
    ['swift', 'class A {', /line/],
    ['objc', '@implementation A', /line/],
    ['csharp', 'class A {', /line/],
    ['dart', 'class A {', /line/],
    ['powershell', '[Convert]::ToBase64String((1)', /never closed/],
  ];
  it.each(broken)('%s: %s', async (language, text, said) => {
    const problems = await CHECKS[language]?.({ page: 'x.md', line: 1, language, text });
    expect(problems?.join('\n')).toMatch(said);
  });
});

describe('the pages for contributors', () => {
  // As in the walk-throughs: a system that does not exist.
  const invented = /(?:^|\/)example(?:[./]|$)/;
  const here = (name: string) => ['', 'shared/src'].some((folder) => existsSync(path.join(ROOT, folder, name)));
  const missing = (text: string) =>
    [...text.matchAll(/`((?:[\w.-]+\/)+(?:[\w-]+(?:\.[\w-]+)+)?)`/g)]
      .map(([, name = '']) => name)
      .filter((name) => !invented.test(name) && !here(name));

  it.each(['CONTRIBUTING.md', 'docs/architecture.md'])('%s names files and folders that are there', (page) => {
    // What a build or a command makes is not.
    expect(missing(textOf(page)).filter((name) => !/^(?:\.runners|release)\/|\/dist\//.test(name))).toEqual([]);
  });

  it('are seen to name one that is not', () => {
    expect(missing('`api/endpoint.ts`, `rooms/`, `api/endpoints.ts`, `report/`')).toEqual([
      'api/endpoint.ts',
      'rooms/',
    ]);
  });
});

describe('the deploy job', () => {
  it.each(DEPLOYING_PAGES)('of docs/%s.md verifies what a job before it leaves', (page) => {
    const jobs = deployJobs(fencedBlocks(`docs/${page}.md`));
    expect(jobs.length).toBeGreaterThan(0);
    expect(jobs.flatMap((text) => deployProblems(page, text))).toEqual([]);
  });

  const broken: Array<[page: string, part: string, without: string, said: RegExp]> = [
    ['github', '    needs: protect\n', '', /uploads protected/],
    ['github', 'name: protected\n          path: release', 'name: other\n          path: release', /uploads other/],
    ['github', 'sign: on-appdome', 'sign: private', /bound/],
    [
      'github',
      '      - uses: actions/checkout@v5\n      - uses: actions/download',
      '      - uses: actions/download',
      /sources/,
    ],
    ['azure', 'dependsOn: Protect', 'dependsOn: Build', /publishes protected/],
    ['azure', '                - checkout: self\n', '', /sources/],
    ['bitrise', 'depends_on: [protect]', 'depends_on: []', /shares \$PROTECTED_APP/],
    ['bitrise', '$FUSEGATE_RESULT:PROTECTED_RESULT', '', /shares \$PROTECTED_RESULT/],
    ['jenkins', ', protected/fusegate-result.json', '', /stashes protected\/fusegate-result\.json/],
    ['other-ci', 'paths: [protected/]', 'paths: [reports/]', /keeps protected\/app-release\.aab/],
    ['other-ci', '--app app/build/outputs/bundle/release/', '--app ', /keeps app-release\.aab/],
    ['gitlab', '--app fusegate-output/', '--app protected/', /keeps protected/],
    ['gitlab', 'sign: on-appdome', 'sign: private', /bound/],
  ];
  it.each(broken)('of docs/%s.md, broken: %s', (page, part, without, said) => {
    const [job = ''] = deployJobs(fencedBlocks(`docs/${page}.md`));
    expect(job).toContain(part);
    expect(deployProblems(page, job.replace(part, without)).join('\n')).toMatch(said);
  });
});

it('README.md or CONTRIBUTING.md leads to every page', () => {
  const linked = ['README.md', 'CONTRIBUTING.md'].map(textOf).join();
  const pages = PAGES.filter((page) => /^docs\/[^/]+\.md$/.test(page));
  expect(pages.filter((page) => !linked.includes(`](${page}`))).toEqual([]);
});

it('docs/first-weeks.md has a row for every exit code', () => {
  const table = textOf('docs/first-weeks.md').split('## What to do about each exit code')[1] ?? '';
  const codes = [...table.matchAll(/^\| (\d+) \|/gm)].map(([, code]) => Number(code));
  expect(codes).toEqual(Object.values(EXIT).sort((a, b) => a - b));
});

it.each(DEPLOYING_PAGES)(
  'docs/%s.md says how to switch the check of listeners, and where its values come from',
  (page) => {
    const text = textOf(`docs/${page}.md`);
    for (const value of ['fail', 'off'])
      expect(text).toMatch(new RegExp(`\`(?:--listeners |listeners: ['"]?)${value}\\b`));
    for (const other of ['listeners.md', 'where-things-come-from.md']) expect(text).toContain(`](${other})`);
  },
);

it.each(PLUGINS)('docs/$id.md shows a gate in the spelling of its system', (system) => {
  const snippets = fencedBlocks(`docs/${system.id}.md`).map(({ text }) => text);
  expect(snippets.join()).toContain(inputName('required-features', system));
});

it('README.md names every CI system that is known', () => {
  const readme = textOf('README.md');
  for (const { id, title } of SYSTEMS) {
    if (id !== 'cli') expect(readme, id).toContain(title.replace(/ (CI|CI\/CD|Pipelines)$/, ''));
  }
});

it('docs/other-ci.md has a run, a verify and gates', () => {
  const lines = fencedBlocks('docs/other-ci.md').flatMap(({ text }) => commandLines(text));
  const modes = lines.flatMap((line) => /fusegate(?:\.cjs|@\S+)? (\w+)/.exec(line)?.[1] ?? []);
  expect([...new Set(modes)].sort()).toEqual(['gate', 'run', 'verify']);
});

it('no page tells anybody to copy what a build makes into a repository', () => {
  for (const page of PAGES) expect(textOf(page), page).not.toMatch(/tools\/fusegate\/|cop(?:y|ies)[^.]*\bcli\/dist/i);
});
