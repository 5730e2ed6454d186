/** The text for every published code. A code without one, and text for a code that no longer exists, do not compile. */
import type { PublishedCode } from '../../../shared/src/model/verdict.ts';
import { BEFORE_AND_BETWEEN } from './before-and-between.ts';
import { CERTIFICATE } from './certificate.ts';
import type { CodeEntry } from './entry.ts';
import { POLICY_AND_END } from './policy-and-end.ts';
import { SERVICE } from './service.ts';

export const ENTRIES: Record<PublishedCode, CodeEntry> = {
  ...BEFORE_AND_BETWEEN,
  ...SERVICE,
  ...CERTIFICATE,
  ...POLICY_AND_END,
};
