/** action.yml by GitHub's own language service, and by what the runner demands of it. */

import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { OUTPUT_NAMES } from '@fusegate/shared/model/host';
import { aliasNames, isOn } from '@fusegate/shared/options/spelling';
import { GITHUB } from '@fusegate/shared/options/systems/github';
import { OPTIONS } from '@fusegate/shared/options/table';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { PUBLISH } from '../../scripts/publish.mjs';

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ACTION = path.resolve(HERE, '../../actions');
const MANIFEST = readFileSync(path.join(ACTION, 'action.yml'), 'utf8');

interface Diagnostic {
  message: string;
  severity?: number;
}
let diagnose: (name: string, text: string) => Promise<Diagnostic[]>;

beforeAll(async () => {
  // Its ESM imports JSON without the attribute that Node demands, so it is bundled for the test.
  const outfile = path.join(mkdtempSync(path.join(os.tmpdir(), 'fusegate-languageservice-')), 'service.cjs');
  await build({
    stdin: {
      contents: `export { validate } from '@actions/languageservice';
        export { TextDocument } from 'vscode-languageserver-textdocument';`,
      resolveDir: HERE,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    logLevel: 'silent',
  });
  const { validate, TextDocument } = createRequire(import.meta.url)(outfile);
  // It keeps what it has parsed by address.
  let repository = 0;
  diagnose = (name, text) => {
    repository += 1;
    return validate(TextDocument.create(`file:///repository-${repository}/${name}`, 'yaml', 1, text));
  };
});

describe("GitHub's language service", () => {
  it('finds nothing to say about action.yml', async () => {
    expect(await diagnose('action.yml', MANIFEST)).toEqual([]);
  });

  it.each([
    ['another runtime', MANIFEST.replace('using: node24', 'using: node99')],
    ['no main', MANIFEST.replace(/^ {2}main: .*$/m, '')],
    ['an icon that is not there', MANIFEST.replace('icon: shield', 'icon: no-such-icon')],
  ])('sees %s', async (_what, text) => {
    expect(text).not.toBe(MANIFEST);
    expect((await diagnose('action.yml', text)).length).toBeGreaterThan(0);
  });

  it('finds nothing to say about the workflows of the how-to page', async () => {
    const page = readFileSync(path.resolve(HERE, '../../docs/github.md'), 'utf8');
    const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => block ?? '');
    const workflows = blocks.filter((block) => /^on:/m.test(block));
    expect(workflows.length).toBeGreaterThan(0);
    for (const workflow of workflows) expect(await diagnose('.github/workflows/w.yml', workflow), workflow).toEqual([]);
  });
});

describe('the how-to page', () => {
  const manifest = parse(MANIFEST);
  const page = readFileSync(path.resolve(HERE, '../../docs/github.md'), 'utf8');
  const blocks = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block]) => parse(block ?? ''));

  /** Every step of a document that uses this action, however deep. */
  function ownSteps(node: unknown): Array<{ with: Record<string, unknown> }> {
    if (Array.isArray(node)) return node.flatMap(ownSteps);
    if (typeof node !== 'object' || node === null) return [];
    const own = 'uses' in node && String(node.uses).startsWith(`${PUBLISH.githubAction}@`);
    return own ? [node as unknown as { with: Record<string, unknown> }] : Object.values(node).flatMap(ownSteps);
  }

  it('uses inputs, values and outputs that exist', () => {
    const steps = blocks.flatMap(ownSteps);
    expect(steps.length).toBeGreaterThan(8);
    for (const step of steps) {
      for (const [name, value] of Object.entries(step.with)) {
        expect(Object.keys(manifest.inputs), name).toContain(name);
        const option = OPTIONS.find(({ id }) => id === name);
        if (option?.type.kind === 'choice') {
          expect(
            option.type.choices.map((choice) => choice.value),
            name,
          ).toContain(String(value));
        }
      }
    }
    const outputs = [...page.matchAll(/steps\.fusegate\.outputs\.([a-z0-9-]+)/g)].map(([, name]) => name);
    expect(outputs.length).toBeGreaterThan(0);
    for (const name of outputs) expect(Object.keys(manifest.outputs)).toContain(name);
  });
});

describe('what the runner demands', () => {
  const manifest = parse(MANIFEST);
  const names = Object.keys(manifest.inputs);

  it('has a name and a description that the Marketplace takes, and branding of its lists', () => {
    expect(manifest.name).toMatch(/^[\w ]{3,50}$/);
    expect(manifest.description.length).toBeLessThanOrEqual(125);
    expect(manifest.branding).toEqual({ icon: 'shield', color: 'green' });
  });

  it('names inputs that are distinct ignoring case and start with a letter or underscore', () => {
    const lower = names.map((name) => name.toLowerCase());
    expect(lower.filter((name, index) => lower.indexOf(name) !== index)).toEqual([]);
    for (const name of names) expect(name).toMatch(/^[A-Za-z_][A-Za-z0-9_-]*$/);
  });

  it('declares every option and every official name of this version, and no other', () => {
    const own = OPTIONS.filter((option) => isOn(option, GITHUB));
    const wanted = own.flatMap((option) => [option.id, ...aliasNames(option, GITHUB)]);
    expect(names.filter((name) => !/^(UPLOAD_ARTIFACTS|ARTIFACT_APP_SUFFIX)$/.test(name)).sort()).toEqual(
      wanted.sort(),
    );
  });

  /** By hand, from appdome-api.md §10.1. */
  it.each(
    `APPDOME_API_TOKEN APP_FILE FUSION_SET_ID SIGN_OPTIONS KEYSTORE_FILE KEYSTORE_PASSWORD KEYSTORE_ALIAS KEYSTORE_KEY_PASSWORD
    CERTIFICATE_FILE CERTIFICATE_PASSWORD MOBILE_PROVISION_PROFILE_FILE ENTITLEMENTS_FILE SIGN_FINGERPRINT GOOGLE-PLAY-SIGNING
    GOOGLE_PLAY_SIGNING TEAM-ID TEAM_ID BUILD_WITH_LOGS SECOND_OUTPUT OUTPUT_APP_NAME BUILD_TO_TEST FIREBASE_APP_ID DATADOG_API_KEY
    DYNAMIC_CERTIFICATES UPLOAD_ARTIFACTS ARTIFACT_APP_SUFFIX`.split(/\s+/),
  )('takes the official input %s', (name) => {
    expect(names.map((each) => each.toLowerCase())).toContain(name.toLowerCase());
  });

  it('presets no input but the token: a preset would win over every variable', () => {
    const preset = Object.entries<{ default?: string }>(manifest.inputs).filter(
      ([, input]) => input.default !== undefined,
    );
    expect(preset.map(([name]) => name)).toEqual(['github-token']);
  });

  it('has every output, and files that are there', () => {
    expect(Object.keys(manifest.outputs)).toEqual([...OUTPUT_NAMES]);
    expect(manifest.runs.using).toBe('node24');
    for (const file of [manifest.runs.main, manifest.runs.post])
      expect(existsSync(path.join(ACTION, file)), file).toBe(true);
  });

  it('describes each input in whole sentences', () => {
    for (const [name, { description }] of Object.entries<{ description: string }>(manifest.inputs)) {
      expect(description, name).toMatch(/^[A-Zi].{8,}\.$/s);
      expect(description, name).not.toMatch(/--[a-z]|\bCLI\b/);
    }
  });
});
