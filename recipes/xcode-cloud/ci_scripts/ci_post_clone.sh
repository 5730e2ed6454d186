#!/bin/sh
# Generated from the option table by `npm run generate`. Do not edit.
set -eu
brew install node@22
