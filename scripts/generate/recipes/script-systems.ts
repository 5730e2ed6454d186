/** The systems whose jobs run the command line in a script. A new one is a record in systems/ and a line here. */
import { appCenterPage } from './app-center.ts';
import { fastlaneAction } from './fastlane-action.ts';
import type { RecipeFile } from './recipes.ts';
import type { ScriptSystem } from './script-system.ts';
import { systemFiles } from './system-page.ts';
import { APPCIRCLE_RECIPE } from './systems/appcircle.ts';
import { BITBUCKET_RECIPE } from './systems/bitbucket.ts';
import { BUILDKITE_RECIPE } from './systems/buildkite.ts';
import { CODEMAGIC_RECIPE } from './systems/codemagic.ts';
import { FASTLANE_RECIPE } from './systems/fastlane.ts';
import { SHELL_RECIPE } from './systems/shell.ts';
import { TRAVIS_RECIPE } from './systems/travis.ts';
import { XCODE_CLOUD_RECIPE } from './systems/xcode-cloud.ts';

export const SCRIPT_SYSTEMS: readonly ScriptSystem[] = [
  TRAVIS_RECIPE,
  CODEMAGIC_RECIPE,
  APPCIRCLE_RECIPE,
  BITBUCKET_RECIPE,
  BUILDKITE_RECIPE,
  XCODE_CLOUD_RECIPE,
  FASTLANE_RECIPE,
  SHELL_RECIPE,
];

export function scriptRecipes(): RecipeFile[] {
  return [
    ...SCRIPT_SYSTEMS.flatMap(systemFiles),
    { path: 'recipes/fastlane/actions/fusegate.rb', text: fastlaneAction() },
    { path: 'docs/app-center.md', text: appCenterPage() },
  ];
}
