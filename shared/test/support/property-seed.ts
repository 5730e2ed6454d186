/**
 * Before every test file: properties draw the same cases on every run, so that a red one is red again. FUSEGATE_PROPERTY_SEED, a number,
 * draws others.
 */
import fc from 'fast-check';

const seed = Number(process.env.FUSEGATE_PROPERTY_SEED || 20_261_121);
if (!Number.isSafeInteger(seed)) throw new RangeError('FUSEGATE_PROPERTY_SEED is no whole number');
fc.configureGlobal({ seed });
