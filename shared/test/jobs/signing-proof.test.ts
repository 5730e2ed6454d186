import { describe, expect, it } from 'vitest';
import { signingDoubt } from '../../src/jobs/signing-proof.ts';
import type { SignRequest } from '../../src/model/run-request.ts';
import { type DocumentSpec, json, pdf, unreadable } from '../policy/synthetic-evidence.ts';

interface Build {
  sign?: SignRequest['method'];
  app?: string;
  finalMatches?: boolean;
  /** Undefined: no such document. */
  printed?: DocumentSpec;
  says?: string[];
}

function doubt({ sign, app = 'app.apk', finalMatches, printed, says = [] }: Build): boolean {
  const file = { role: 'protected-app' as const, path: `/out/rejected/${app}`, sha256: 'a', size: 1 };
  const finding = signingDoubt(
    sign === undefined ? {} : { sign: { method: sign } },
    { files: [file], ids: { buildId: 'b' } },
    {
      pdf: printed === undefined ? unreadable('pdf') : pdf(printed),
      json: says.length === 0 ? unreadable('json') : json({ facts: { sign_type: says } }),
    },
    { binding: { level: 'none', message: '', ...(finalMatches !== undefined && { finalMatches }) } },
  );
  return finding?.code === 'signing.unproven';
}

describe('a build that was only fetched', () => {
  it.each<[string, Build, boolean]>([
    ['no certificate', {}, true],
    ['a PDF without a signing part', { printed: { signing: 'none' } }, true],
    ['a PDF whose signing part is not understood', { printed: {} }, true],
    ['a PDF of an app that is signed later', { printed: { signing: 'later' } }, false],
    ['the same, with another word in the JSON', { printed: { signing: 'later' }, says: ['Unsigned'] }, true],
    ['a JSON that states the signing, beside a PDF that does not', { printed: {}, says: ['OnAppdome'] }, true],
    ['a JSON alone that states it', { says: ['OnAppdome'] }, false],
    ['a JSON alone with another word', { says: ['not OnAppdome'] }, true],
    ['a JSON alone that contradicts itself', { says: ['OnAppdome', 'none'] }, true],
    ['the hash of the very file', { finalMatches: true, printed: { signing: 'none' } }, false],
    ['an SDK for Android', { app: 'lib.aar' }, false],
  ])('%s', (_name, build, expected) => {
    expect(doubt(build)).toBe(expected);
  });
});

describe('a build for which `sign: none` was asked', () => {
  it('is held against its certificate, unless it is an SDK for Android', () => {
    expect(doubt({ sign: 'none', printed: { signing: 'none' } })).toBe(true);
    expect(doubt({ sign: 'none', app: 'lib.aar', printed: { signing: 'none' } })).toBe(false);
  });
});

describe('a build that this run signs', () => {
  it('is proven by the service having done it', () => {
    expect(doubt({ sign: 'private', printed: { signing: 'none' } })).toBe(false);
  });
});
