import { describe, expect, it } from 'vitest';
import type { Annotation, Host, OutputName, Progress } from '../../src/model/host.ts';
import { Secret } from '../../src/model/secret.ts';
import { guardHost } from '../../src/secrets/guarded-host.ts';
import { maskerOf } from '../../src/secrets/masker.ts';

const CANARY = 'cAn4ry-s3cret/+value';
const FORMS = [
  CANARY,
  Buffer.from(CANARY).toString('base64'),
  encodeURIComponent(CANARY),
  // Parted by something that is removed on the way.
  `${CANARY.slice(0, 5)}\u001b[0m${CANARY.slice(5)}`,
  `${CANARY.slice(0, 8)}\u200b${CANARY.slice(8)}`,
];
const COMMANDS = [
  '::error::x',
  '##[error]x',
  '##vso[task.complete result=Succeeded;]',
  "##teamcity[buildStatus text='x']",
];

class RecordingHost implements Host {
  readonly seen: string[] = [];
  readonly masks: string[] = [];
  readonly order: string[] = [];
  readonly outputs = new Map<OutputName, string>();
  #note(...texts: Array<string | undefined>): void {
    this.order.push('text');
    for (const text of texts) if (text !== undefined) this.seen.push(text);
  }
  log(_: string, text: string): void {
    this.#note(text);
  }
  progress(progress: Progress): void {
    this.#note(progress.detail);
  }
  mask(secret: string): void {
    this.order.push('mask');
    this.masks.push(secret);
  }
  setOutput(name: OutputName, value: string): void {
    this.outputs.set(name, value);
    this.#note(value);
  }
  annotate(annotation: Annotation): void {
    this.#note(annotation.title, annotation.message, annotation.file);
  }
  async summary(markdown: string): Promise<void> {
    this.#note(markdown);
  }
  async attachReport(): Promise<void> {}
  fail(message: string): void {
    this.#note(message);
  }
}

/** The same text through every door. */
async function through(host: Host, text: string): Promise<void> {
  host.log('info', text);
  host.log('error', `first\n  ${text}\nlast`);
  host.log('warning', text);
  host.progress({ stage: 'build', kind: 'message', elapsedMs: 1, detail: text });
  host.setOutput('missing-features', text);
  host.annotate({ level: 'error', title: text, message: text });
  host.fail(text, 6);
}

function guarded() {
  const host = new RecordingHost();
  const secrets = [new Secret(CANARY)];
  return { host, guard: guardHost(host, maskerOf(secrets), secrets) };
}

describe('the guarded host', () => {
  it.each(FORMS)('lets no form of a secret through: %j', async (form) => {
    const { host, guard } = guarded();
    await through(guard, `a ${form} b`);
    await guard.summary(`| a | ${form} |`);
    const texts = host.seen.filter((text) => !text.startsWith('| a |')).join('\n');
    expect(texts).toContain('***');
    expect(texts).not.toContain(CANARY);
    expect(texts).not.toContain(form);
  });

  it.each(COMMANDS)('lets no command through: %s', async (command) => {
    const { host, guard } = guarded();
    await through(guard, `${command}\r\n${command}`);
    for (const line of host.seen.join('\n').split('\n')) {
      expect(line).not.toMatch(/^\s*::/);
      expect(line).not.toMatch(/##\[|##vso\[|##teamcity\[/);
    }
  });

  it('lets no escape through', async () => {
    const { host, guard } = guarded();
    await through(guard, 'a\u001b[31mred\u001b]0;title\u0007\u009b2Jb');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must not be there
    expect(host.seen.join('')).not.toMatch(/[\u001b\u009b\u0007]/);
  });

  it('registers every form with the system before any text', async () => {
    const { host, guard } = guarded();
    await through(guard, 'x');
    expect(host.order.indexOf('text')).toBeGreaterThan(host.order.lastIndexOf('mask'));
    expect(host.masks).toContain(CANARY);
    expect(host.masks.join('\n')).toContain(encodeURIComponent(CANARY));
  });

  it('learns secrets on the way', () => {
    const { host, guard } = guarded();
    guard.mask('signed-url-token-77');
    guard.log('info', 'got signed-url-token-77');
    expect(host.masks).toContain('signed-url-token-77');
    expect(host.seen).toEqual(['got ***']);
  });

  it('keeps paths, ids and hashes in outputs as they are', () => {
    const host = new RecordingHost();
    const secrets = [new Secret('android'), new Secret('811d-012')];
    const guard = guardHost(host, maskerOf(secrets), secrets);
    const outputs: Array<[OutputName, string]> = [
      ['protected-app', '/ci/my android app/android.apk'],
      ['build-id', '2f470e80-631e-11f0-811d-012fa289ddab'],
      ['verdict', 'pass'],
    ];
    for (const [name, value] of outputs) guard.setOutput(name, value);
    expect([...host.outputs]).toEqual(outputs);
  });

  it('passes on what is not text', () => {
    const { host, guard } = guarded();
    guard.progress({ stage: 'upload', kind: 'bytes', elapsedMs: 5, bytes: 7, totalBytes: 9 });
    expect(host.seen).toEqual([]);
  });
});

it('a word of our own is not told to the system, which would drop the outputs that hold it', () => {
  const host = new RecordingHost();
  const secrets = [new Secret('android'), new Secret('n0t-a-word')];
  const guard = guardHost(host, maskerOf(secrets), secrets);
  expect(host.masks).not.toContain('android');
  expect(host.masks).toContain('n0t-a-word');
  guard.log('info', 'Shop 1.0, android');
  guard.setOutput('missing-features', 'Android');
  expect(host.seen).toEqual(['Shop 1.0, android', 'Android']);
});
