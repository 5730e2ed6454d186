#!/usr/bin/env bash
# Finds Node and runs the bundle beside this file. Nothing is downloaded.
set -eu

here="${BITRISE_STEP_SOURCE_DIR:-}"
if [ -z "$here" ] || [ ! -f "$here/dist/step.cjs" ]; then
  here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
fi

stop() {
  printf 'error: %s\n%s\n' "$1" "$2"
  exit 2
}

# Whatever ends this step from here on: a later one that always runs must not read what an earlier step of ours has left.
if command -v envman >/dev/null 2>&1; then
  envman add --key FUSEGATE_VERDICT --value error --no-expand || true
  envman add --key FUSEGATE_PROTECTED_APP --value '' --no-expand || true
fi

# A stack's Node may come by asdf or mise, whose shims a step's shell does not always have on PATH.
for folder in "$HOME/.asdf/shims" "$HOME/.local/share/mise/shims"; do
  if ! command -v node >/dev/null 2>&1 && [ -x "$folder/node" ]; then
    PATH="$PATH:$folder"
    export PATH
  fi
done

if ! command -v node >/dev/null 2>&1; then
  stop 'Node was not found.' \
    'Choose a stack that has it (the Ubuntu Noble stack of 2025 has Node 22), or add a step before this one that installs Node 20.20 or newer.'
fi

version="$(node --version 2>/dev/null || true)"
if ! [[ "$version" =~ ^v([0-9]+)\.([0-9]+)\. ]]; then
  stop "Node does not run: node --version printed \"$version\"." \
    'With asdf or mise, a version must be chosen: add .tool-versions with a line such as "nodejs 22.14.0", or run "asdf global nodejs latest" before this step.'
fi
if [ "${BASH_REMATCH[1]}" -lt 20 ] || { [ "${BASH_REMATCH[1]}" -eq 20 ] && [ "${BASH_REMATCH[2]}" -lt 20 ]; }; then
  stop "Node $version is too old: Fusegate needs 20.20 or newer." \
    'Choose a newer stack, or select another version before this step, such as "asdf global nodejs 22.14.0" or "mise use -g node@22".'
fi

exec node "$here/dist/step.cjs"
