import { buildFacts } from './build-facts.ts';
import { certificateFacts } from './certificate-facts.ts';
import { protocolFacts } from './protocol-facts.ts';
import { resultFacts } from './result-facts.ts';
import type { FidelityChapter } from './row.ts';
import { uploadFacts } from './upload-facts.ts';

/** Everything that docs/fidelity.md shows, in its order. */
export const FIDELITY: FidelityChapter[] = [protocolFacts, uploadFacts, buildFacts, resultFacts, certificateFacts];
