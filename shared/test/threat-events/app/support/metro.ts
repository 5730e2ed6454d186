/** The written module as Metro bundles it, with an app that calls it. */
import { transformSync } from 'esbuild';

export function metroBundle(text: string): string {
  const { code } = transformSync(text, { format: 'cjs', target: 'es2020' });
  const module = (id: number, body: string, dependencies: number[]) =>
    `__d(function (global, require, importDefault, importAll, module, exports, dependencies) {\n${body}\n}, ${id}, [${dependencies}]);\n`;
  return [
    module(0, 'require(dependencies[0]).listenToThreatEvents(function (event) { print(event); });', [1]),
    module(1, code.replace('require("react-native")', 'require(dependencies[0])'), [2]),
    module(2, 'exports.NativeModules = {};', []),
    '__r(0);\n',
  ].join('');
}
