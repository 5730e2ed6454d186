/** What each output means, for manifests and reference pages: written once, like the options. */
import type { OutputName } from '../model/host.ts';

/** One sentence without a full stop. Every output is set in every case, and empty where there is nothing. */
export const OUTPUT_TEXT: Readonly<Record<OutputName, string>> = {
  'app-id': 'Id of the uploaded app',
  'build-id': 'Id of the build; mode gate can judge it again without a new build',
  'protected-app': 'Path of the protected app; empty unless the run is green',
  'rejected-app': 'Path of the app that was held back because the run is red',
  'second-output': 'Path of the universal .apk of an .aab',
  'deobfuscation-map': 'Path of the ZIP with the mapping files',
  'certificate-json': 'Path of the Certified Secure certificate, JSON; marked confidential by its issuer',
  'certificate-pdf': 'Path of the Certified Secure certificate, PDF; marked confidential by its issuer',
  verdict: 'pass, fail, error or not-evaluated; only pass is proof',
  'missing-features': 'Required protections that were not proven, separated by commas',
  result: 'Path of fusegate-result.json, which says everything about the run',
  'report-html': 'Path of the report page',
  sha256: 'SHA-256 of the protected app, lower-case hex',
};
