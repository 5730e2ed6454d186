/** The three ways of signing. What they require of their inputs is in signing-inputs.ts. */
import { Refusal } from '../http/reply.ts';
import type { BuildAction, BuildActionRequest } from './action.ts';
import { checkEntitlements, checkFingerprints, demandFile, demandProfiles, demandTexts } from './signing-inputs.ts';

const IOS_FILES = ['provisioning_profile', 'entitlements_files'];

/** action=sign: signing on Appdome (appdome-api.md §3.9). A password equal to `settings.wrongPassword` ends in `error`. */
export const signAction: BuildAction = {
  action: 'sign',
  files: ['signing_keystore', 'signing_p12_content', ...IOS_FILES],
  check(request) {
    refuseLibrary(request);
    const wrong = (passwords: string[]) => passwords.includes(request.context.state.settings.wrongPassword);
    if (request.app.identity?.platform === 'ios') {
      demandFile(request, 'signing_p12_content');
      const passwords = demandTexts(request, ['signing_p12_password']);
      checkIosFiles(request);
      return wrong(passwords) ? 'Certificate password is wrong' : undefined;
    }
    demandFile(request, 'signing_keystore');
    const names = ['signing_keystore_password', 'signing_keystore_alias', 'signing_keystore_key_password'];
    const secrets = demandTexts(request, names);
    checkFingerprints(request, false);
    request.checkFiles?.(request);
    return wrong(secrets) ? 'Keystore password is wrong' : undefined;
  },
};

/** action=seal: private signing (§3.10); the customer signs. */
export const sealAction: BuildAction = { action: 'seal', files: IOS_FILES, check: checkSeal };

/** action=sign_script: Auto-DEV private signing (§3.11); the output is a script. */
export const signScriptAction: BuildAction = {
  action: 'sign_script',
  files: IOS_FILES,
  check(request) {
    // An SDK has no script: both clients seal it (§3.26; that the service refuses one is inferred).
    if (request.app.identity?.type === 'zip') throw new Refusal(400, 'An SDK has no signing script');
    return checkSeal(request);
  },
};

function checkSeal(request: BuildActionRequest): undefined {
  refuseLibrary(request);
  if (request.app.identity?.platform === 'ios') checkIosFiles(request);
  else checkFingerprints(request, true);
}

function refuseLibrary({ app }: BuildActionRequest): void {
  if (app.identity?.type === 'aar') throw new Refusal(400, 'An Android SDK is not signed');
}

function checkIosFiles(request: BuildActionRequest): void {
  demandProfiles(request);
  checkEntitlements(request);
  request.checkFiles?.(request);
}
