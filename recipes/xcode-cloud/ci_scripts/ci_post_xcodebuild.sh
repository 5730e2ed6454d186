#!/bin/sh
# Generated from the option table by `npm run generate`. Do not edit.
set -eu

# Xcode Cloud runs this after each of its actions; an archive is what is released.
[ "${CI_XCODEBUILD_ACTION:-}" = archive ] || exit 0
if [ -z "${CI_APP_STORE_SIGNED_APP_PATH:-}" ]; then
  echo 'error: the archive was not exported for the App Store: choose it as distribution preparation of the workflow' >&2
  exit 1
fi

cd "$CI_PRIMARY_REPOSITORY_PATH"
PATH="$(brew --prefix node@22)/bin:$PATH"
export PATH
npx --yes fusegate@0.1.0 run \
  --app "$CI_APP_STORE_SIGNED_APP_PATH/*.ipa" --sign on-appdome \
  --required-features "Jailbreak Detection, Anti-Debugging" \
  --output-dir protected
. protected/private/fusegate.env
npx --yes fusegate@0.1.0 verify --app "$PROTECTED_APP" --result "$RESULT" --max-age 24h
./deploy.sh "$PROTECTED_APP"
