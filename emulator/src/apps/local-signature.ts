import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { protectedApp } from './protected-app.ts';
import { LOCAL_SIGNATURE } from './rehearsal-mark.ts';

/**
 * Simulates local signing of a sealed app: writes it with the rehearsal signature that POST /validation/upload recognises. SYNTHETIC: no
 * key, no signature.
 * @throws if the sealed app is not a ZIP
 */
export async function signRehearsalApp(sealedPath: string, outputPath: string): Promise<void> {
  const signed = await protectedApp(sealedPath, LOCAL_SIGNATURE);
  await pipeline(signed.open(), createWriteStream(outputPath));
}
