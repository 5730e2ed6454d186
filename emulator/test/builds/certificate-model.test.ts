import { describe, expect, it } from 'vitest';
import { certificateModel, clientName } from '../../src/builds/certificate-model.ts';
import { app, task } from '../support/built.ts';

describe('certificateModel', () => {
  it('prints a key once a row, sorted, and a line for each display name', () => {
    const model = certificateModel(task(), app);
    expect(model.categories.map(({ heading }) => heading)).toEqual([
      'OS Integrity',
      'Secure Communication',
      'ONEShield™ by Appdome',
    ]);
    expect(model.categories[1]?.plugins.map(({ key }) => key)).toEqual(['proxy_detection', 'secure_communication']);
    expect(model.intelligence.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Prevent MiTM Attacks', 'Block Non-SSL Connections']),
    );
    expect(model.intelligence).toHaveLength(12);
    expect(model.other?.plugins.map(({ key }) => key)).toEqual(['openssl', 'secure_dictionary', 'threat_events']);
  });

  it('marks every protection of the set, as real certificates do, and states a mode where one is printed', () => {
    const [os, , shield] = certificateModel(task(), app).categories;
    const chips = [...(os?.plugins ?? []), ...(shield?.plugins ?? [])];
    expect(chips.map(({ key, marked, mode }) => [key, marked, mode])).toEqual([
      ['os_integrity', true, undefined],
      ['security_checks', true, 'In-App Detection'],
      ['anti_debugging', true, 'In-App Detection'],
      ['anti_tampering', true, 'In-App Detection'],
      ['smali_obfuscation', true, undefined],
    ]);
  });

  it('is an error for a build that is not complete', () => {
    const unfinished = task();
    delete unfinished.output;
    expect(() => certificateModel(unfinished, app)).toThrow('not complete');
    const refused = { ...app };
    delete refused.identity;
    expect(() => certificateModel(task(), refused)).toThrow('not complete');
  });

  it('has the final hash only where the service signed', () => {
    const stage = { startedAt: 2000, endsAt: 3000, overrides: {}, files: [] };
    const fuse = { action: 'fuse' as const, startedAt: 1000, endsAt: 2000, overrides: {}, files: [] };
    const signed = certificateModel(task({ stages: [fuse, { action: 'sign', ...stage }] }), app);
    expect(signed.signing).toMatchObject({ method: 'on-appdome', finalSha256: 'b'.repeat(64), finalSize: 1100 });
    const sealed = certificateModel(task({ stages: [fuse, { action: 'seal', ...stage }] }), app);
    expect(sealed.signing).toEqual({ method: 'private', at: '1970-01-01T00:00:03.000Z' });
    expect(certificateModel(task(), app)).not.toHaveProperty('signing');
  });
});

describe('clientName', () => {
  it.each([
    ['Appdome-cli-python/1.0', 'AppdomeCliPython'],
    ['Fusegate/0.1.0', 'Fusegate'],
    ['', 'Unknown'],
    ['/1', 'Unknown'],
  ])('%s becomes %s', (header, name) => {
    expect(clientName(header)).toBe(name);
  });
});
