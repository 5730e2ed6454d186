#!/bin/sh
# Generated from the option table by `npm run generate`. Do not edit.
# Usage: protect.sh APP
set -eu
npx --yes fusegate@0.1.0 run \
  --app "$1" --sign on-appdome \
  --required-features "Root Detection, Detect Developer Options" \
  --output-dir protected
. protected/private/fusegate.env
npx --yes fusegate@0.1.0 verify --app "$PROTECTED_APP" --result "$RESULT" --max-age 24h
echo "ready to deploy: $PROTECTED_APP"
