#!/usr/bin/env bash
# Generated from the option table by `npm run generate`. Do not edit.
set -euo pipefail
cd "$AC_REPOSITORY_DIR"

export ANDROID_KEYSTORE_PASS="$AC_ANDROID_KEYSTORE_PASSWORD" ANDROID_KEY_PASS="$AC_ANDROID_ALIAS_PASSWORD"
status=0
npx --yes fusegate@0.1.0 run \
  --app "${AC_APPDOME_APP_PATH:-${AC_AAB_PATH:-$AC_APK_PATH}}" \
  --fusion-set-id "$AC_APPDOME_FUSION_SET_ID" \
  --sign on-appdome --keystore "$AC_ANDROID_KEYSTORE_PATH" --keystore-alias "$AC_ANDROID_ALIAS" \
  --required-features "Root Detection, Detect Developer Options" \
  --output-dir "$AC_TEMP_DIR/protected" || status=$?

# Appcircle keeps all that lies in its output folder. The certificates are confidential, and a held-back app is not to be shipped.
mkdir -p "$AC_OUTPUT_DIR/fusegate"
find "$AC_TEMP_DIR/protected" -maxdepth 1 -type f -exec cp {} "$AC_OUTPUT_DIR/fusegate/" \;
[ "$status" -eq 0 ] || exit "$status"

. "$AC_TEMP_DIR/protected/private/fusegate.env"
case "$PROTECTED_APP" in
  *.apk) name=AC_APPDOME_SECURED_APK_PATH ;;
  *.aab) name=AC_APPDOME_SECURED_AAB_PATH ;;
  *.ipa) name=AC_APPDOME_SECURED_IPA_PATH ;;
  *) name=AC_APPDOME_PRIVATE_SIGN_SCRIPT_PATH ;;
esac
{
  echo "$name=$PROTECTED_APP"
  echo "AC_APPDOME_CERTIFICATE_PATH=$CERTIFICATE_PDF"
  echo "AC_TEST_RESULT_PATH=$AC_OUTPUT_DIR/fusegate"
  cat "$AC_TEMP_DIR/protected/private/fusegate.dotenv"
} >> "$AC_ENV_FILE_PATH"
