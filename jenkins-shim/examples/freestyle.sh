#!/usr/bin/env bash
# An "Execute shell" step of a freestyle job. "Use secret text(s) or file(s)" binds APPDOME_API_KEY; fusegate-jenkins.cjs comes from this
# repository's jenkins-shim/resources/fusegate/. Post-build: publish JUnit test results fusegate-output/**/fusegate-junit.xml, and archive
# fusegate-output/*/*.aab, fusegate-output/*/fusegate-*.
set -euo pipefail

node tools/fusegate-jenkins.cjs \
  --app app/build/outputs/bundle/release/app-release.aab \
  --fusion-set-id 00000000-0000-0000-0000-000000000000 \
  --sign private --signing-fingerprint "$SIGNING_CERT_SHA256" \
  --required-features "Root Detection, Anti-Debugging"
