import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ENDPOINTS, LEFT_OUT, ruleOf } from '@fusegate/shared/api/endpoints';
import { describe, expect, it } from 'vitest';
import { testTitles } from '../../../scripts/generate/test-titles.mjs';
import { findRoute, ROUTES } from '../../src/routes/index.ts';
import { FIDELITY } from './index.ts';

const rows = FIDELITY.flatMap((chapter) => chapter.rows);

/** `GET /tasks/{taskId}/status`, as the rows name it. */
function nameOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace('/api/v1', '').replace(/:(\w+)/g, '{$1}')}`;
}

describe('the fidelity table', () => {
  it('has a row for every endpoint of the emulator, and names no other', () => {
    const served = ROUTES.filter(({ area }) => area === 'api').map(nameOf);
    const named = rows.flatMap(({ route }) => (route === undefined ? [] : [route]));
    expect([...new Set(named)].sort()).toEqual([...served].sort());
  });

  it('is about an emulator that has every endpoint of the client', () => {
    const requests = Object.entries(ENDPOINTS).filter(([, { path }]) => path !== 'storage');
    const unknown = requests.filter(([name, { path }]) => {
      const { method } = ruleOf(name as keyof typeof ENDPOINTS);
      const address = `/api/v1${path.replace(/\?.*/, '').replace(/\{\w+\}/g, 'x')}`;
      return findRoute(method, address).route === undefined;
    });
    expect(requests.length).toBeGreaterThan(20);
    expect(unknown).toEqual([]);
    const served = LEFT_OUT.flatMap(({ path: request }) => {
      const [method = '', ...paths] = request.split(/,? /);
      return paths.filter((path) => findRoute(method, `/api/v1${path}`).route !== undefined);
    });
    expect(served).toEqual([]);
  });

  it('covers every section on endpoints, clients and certificates', () => {
    const sections = Array.from({ length: 24 }, (_, index) => `3.${index + 1}`);
    sections.push('1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8', '1.9', '5.2', '6.2', '6.3', '8.1', '8.2');
    const covered = new Set(rows.flatMap(({ source }) => source));
    expect(sections.filter((section) => !covered.has(section))).toEqual([]);
  });

  it('has a test or a reason in every row, and no fact twice', () => {
    for (const { fact, tests, notHeld, confidence, source } of rows) {
      expect([fact, tests.length > 0]).toEqual([fact, notHeld === undefined]);
      expect(confidence.length * source.length).toBeGreaterThan(0);
    }
    const facts = rows.map(({ fact, route }) => `${route}: ${fact}`);
    expect(new Set(facts).size).toBe(facts.length);
  });
});

describe('the titles of a test file', () => {
  it('are found through levels, tables and the other names of a test', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'titles-'));
    try {
      const file = join(folder, 'x.test.ts');
      const source = [
        "describe('a', () => { describe.each([1])('b %i', () => { it.each(rows)('c', () => {}); }); });",
        "test('d', () => { expect(it).toBe('no test'); });",
        "it(`e`, fn); it(name, fn); // it('comment', fn)",
        'const text = "it(\'text\', fn)";',
      ];
      await writeFile(file, source.join('\n'));
      expect(testTitles(file)).toEqual(['a > b %i > c', 'd', 'e']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('are those of this file', () => {
    expect(testTitles(fileURLToPath(import.meta.url))).toContain('the titles of a test file > are those of this file');
  });
});
