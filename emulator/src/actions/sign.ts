import { Refusal } from '../http/reply.ts';
import type { BuildAction } from './action.ts';
import { checkSigningFiles } from './signing-files.ts';
import { checkEntitlements, checkFingerprints, demandFile, demandProfiles, demandTexts } from './signing-inputs.ts';

/** action=sign: signing on Appdome (appdome-api.md §3.9). A password equal to `settings.wrongPassword` ends in `error`. */
export const signAction: BuildAction = {
  action: 'sign',
  parts: {
    fields: ['action', 'parent_task_id', 'overrides', 'notification_override'],
    files: ['signing_keystore', 'signing_p12_content', 'provisioning_profile', 'entitlements_files'],
  },
  duration: 'signMs',
  check(request) {
    const { identity } = request.app;
    if (identity?.type === 'aar') throw new Refusal(400, 'An Android SDK is not signed');
    const wrong = (passwords: string[]) => passwords.includes(request.context.state.settings.wrongPassword);
    if (identity?.platform === 'ios') {
      demandFile(request, 'signing_p12_content');
      const passwords = demandTexts(request, ['signing_p12_password']);
      demandProfiles(request);
      checkEntitlements(request);
      checkSigningFiles(request);
      return wrong(passwords) ? 'Certificate password is wrong' : undefined;
    }
    demandFile(request, 'signing_keystore');
    const secrets = demandTexts(request, [
      'signing_keystore_password',
      'signing_keystore_alias',
      'signing_keystore_key_password',
    ]);
    checkFingerprints(request, false);
    checkSigningFiles(request);
    return wrong(secrets) ? 'Keystore password is wrong' : undefined;
  },
};
