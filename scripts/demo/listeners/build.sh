#!/bin/sh
# Builds classes.dex from SettingsApp.java and the listeners that Fusegate writes, with javac, Robolectric's android-all and dalvik-dx
# (Maven: org.robolectric:android-all:13-robolectric-9030017, com.jakewharton.android.repackaged:dalvik-dx:14.0.0_r21).
# Usage: build.sh path/to/android-all.jar path/to/dalvik-dx.jar
set -eu
cd "$(dirname "$0")"
out=$(mktemp -d)
node ../../../cli/dist/fusegate.cjs threat-events --code java --events all --package io.appium.settings --output "$out/code"
javac -nowarn -source 8 -target 8 -g:none -cp "$1" -d "$out/classes" SettingsApp.java "$out/code/ThreatEvents.java"
java -cp "$2" com.android.dx.command.Main --dex --output="$PWD/classes.dex" "$out/classes"
rm -r "$out"
