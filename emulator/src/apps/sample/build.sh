#!/bin/sh
# Writes classes-dex.ts: RehearsalApp.java and the listeners that Fusegate writes, compiled with javac, Robolectric's android-all and
# dalvik-dx (Maven: org.robolectric:android-all:13-robolectric-9030017, com.jakewharton.android.repackaged:dalvik-dx:14.0.0_r21).
# Usage: build.sh path/to/android-all.jar path/to/dalvik-dx.jar
set -eu
cd "$(dirname "$0")"
out=$(mktemp -d)
# Those that the built-in Android sets switch on (fusion-sets/built-in.ts); a test compares them.
events=UnknownSourcesEnabled,DeveloperOptionsEnabled,RootedDevice,SslCertificateValidationFailed,NetworkProxyConfigured,SslNonSslConnection
events=$events,SslIncompatibleVersion,AppIntegrityError,DebuggerThreatDetected,AppIsDebuggable,EmulatorFound,GoogleEmulatorDetected
node ../../../../cli/dist/fusegate.cjs threat-events --code java --events "$events" --package com.example.app --output "$out/code"
javac -nowarn -source 8 -target 8 -g:none -cp "$1" -d "$out/classes" RehearsalApp.java "$out/code/ThreatEvents.java"
java -cp "$2" com.android.dx.command.Main --dex --output="$out/classes.dex" "$out/classes"
{
  echo "/** The sample app's code as base64, so that a bundle has it too. Made by build.sh. */"
  echo "export const CLASSES_DEX ="
  echo "  '$(base64 "$out/classes.dex" | tr -d '\n')';"
} > classes-dex.ts
rm -r "$out"
