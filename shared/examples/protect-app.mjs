/**
 * Protects an Android app and prints what its certificate proves, with the client alone.
 *
 *   APPDOME_API_KEY=… ANDROID_KEYSTORE_PASS=… ANDROID_KEYSTORE_ALIAS=… ANDROID_KEY_PASS=… \
 *     node protect-app.mjs app.apk FUSION_SET_ID release.jks protected.apk
 */
import { stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  createClient,
  FusegateError,
  filePart,
  readCertificate,
  saveOutput,
  waitForBuild,
  waitForUpload,
} from '@fusegate/shared';

const [app, fusionSetId, keystore, output] = process.argv.slice(2);
const {
  APPDOME_API_KEY: apiKey,
  APPDOME_SERVER_BASE_URL: url,
  APPDOME_TEAM_ID: teamId,
  ANDROID_KEYSTORE_PASS: keystorePassword,
  ANDROID_KEYSTORE_ALIAS: keystoreAlias,
  ANDROID_KEY_PASS: keyPassword,
} = process.env;
if (!app || !fusionSetId || !keystore || !output || !apiKey) {
  console.error('usage: APPDOME_API_KEY=… node protect-app.mjs APP FUSION_SET_ID KEYSTORE OUTPUT');
  process.exit(2);
}

const client = createClient({ apiKey, ...(url ? { url } : {}), ...(teamId ? { teamId } : {}) });
// One deadline for everything. A context says in errors where they happened.
const signal = AbortSignal.timeout(55 * 60_000);
/** @param {import('@fusegate/shared').StageName} stage */
const at = (stage) => ({ stage, signal });
/** @param {{ text: string }} message */
const onMessage = ({ text }) => console.log(`  ${text}`);

try {
  const { size } = await stat(app);
  const link = await client.uploadLink(at('upload'));
  const sha256 = await client.putFile(link, { path: app, size }, at('upload'));
  const appId = await client.uploadUsingLink({ fileId: link.fileId, fileName: path.basename(app) }, at('upload'));
  await waitForUpload(client, appId, at('analysis'));
  console.log(`uploaded ${size} bytes (sha256 ${sha256}) as app ${appId}`);

  // This costs money. When the answer is lost the error is `build.may-exist`: look in the console before you start another one.
  const buildId = await client.fuse({ appId, fusionSetId, overrides: {} }, at('build'));
  await waitForBuild(client, buildId, at('build'), { onMessage });
  console.log(`built ${buildId}`);

  const overrides = {
    signing_keystore_password: keystorePassword,
    signing_keystore_alias: keystoreAlias,
    signing_keystore_key_password: keyPassword,
  };
  await client.sign({ buildId, overrides, files: [filePart('keystore', keystore)] }, at('sign'));
  await waitForBuild(client, buildId, at('sign'), { onMessage });

  const saved = await saveOutput(client, { buildId, file: output }, at('download'));
  console.log(`saved ${output} (${saved.size} bytes, sha256 ${saved.sha256})`);

  const pdf = await client.certificatePdf(buildId, at('certify'));
  await writeFile(`${output}.certificate.pdf`, pdf, { mode: 0o600 });
  const reading = await readCertificate('pdf', pdf);
  if (!reading.ok) throw new Error(`the certificate cannot be read: ${reading.message}`);
  const { features, facts } = reading.document;
  const proven = features.filter((feature) => feature.presence === 'present').map((feature) => feature.name);
  console.log(`proven: ${[...new Set(proven)].join(', ')}`);
  const final = facts.final_sha256?.[0]?.value;
  console.log(`the certificate is ${final === saved.sha256 ? '' : 'NOT '}for this file`);
  process.exitCode = final === saved.sha256 ? 0 : 1;
} catch (error) {
  if (!(error instanceof FusegateError)) throw error;
  console.error(`${error.code} (${error.stage}): ${error.message}\n${error.hint}`);
  process.exitCode = error.exitCode;
} finally {
  client.close();
}
