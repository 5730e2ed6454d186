/** A real Android app that npm serves: Appium Settings, a debug build under the Apache License 2.0. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** @returns {string} its .apk */
export function appOfNpm() {
  const fromTests = createRequire(path.resolve('test', 'package.json'));
  const root = path.dirname(fromTests.resolve('io.appium.settings/package.json'));
  const app = path.join(root, 'apks', 'settings_apk-debug.apk');
  if (!existsSync(app)) throw new Error(`the app of io.appium.settings is not at ${app}`);
  return app;
}
