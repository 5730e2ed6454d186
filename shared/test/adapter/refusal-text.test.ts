import { describe, expect, it } from 'vitest';
import { refusalText, unexpectedText } from '../../src/adapter/refusal-text.ts';
import { FusegateError, usageError } from '../../src/model/errors.ts';
import { CLI } from '../../src/options/systems/cli.ts';
import { maskerOf } from '../../src/secrets/masker.ts';

describe('what is said of an error', () => {
  it('ends with the page of its code', () => {
    const wrong = usageError([{ option: '--app', message: 'is missing' }]);
    expect(refusalText(wrong, maskerOf([]), CLI).text).toMatch(/docs\/errors\.md#usage-invalid$/u);
    expect(refusalText(wrong, maskerOf([]), CLI).text).toContain('Nothing was sent.');
    expect(refusalText(wrong, maskerOf([]), CLI, false).text).not.toContain('sent');
    const refused = new FusegateError('auth.rejected', 'No.', { hint: 'Check the key.' });
    expect(unexpectedText(refused, CLI)).toMatch(/docs\/errors\.md#auth-rejected$/u);
  });
});
