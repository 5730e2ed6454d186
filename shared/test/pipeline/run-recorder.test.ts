import { describe, expect, it } from 'vitest';
import { RunRecorder } from '../../src/pipeline/run-recorder.ts';

describe('what the steps of a job learn', () => {
  it('is seen by whoever took the ids before they came', () => {
    const recorder = new RunRecorder();
    const { ids } = recorder;
    recorder.addIds({ appId: 'app-1', buildId: undefined });
    recorder.addIds({ appId: undefined, buildId: 'build-1' });
    expect(ids).toEqual({ appId: 'app-1', buildId: 'build-1' });
  });

  it('is kept in its order', () => {
    const recorder = new RunRecorder();
    recorder.addMessages([{ text: 'one' }, { text: 'two' }]);
    recorder.addMessages([{ text: 'three' }]);
    recorder.addDownload({ role: 'protected-app', path: '/out/app.apk', sha256: 'a'.repeat(64), size: 1 });
    expect(recorder.messages.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
    expect(recorder.downloads).toMatchObject([{ role: 'protected-app' }]);
  });
});
