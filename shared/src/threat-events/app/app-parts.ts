/** Which files of an app can hold event names, and how each is read. */

export type PartKind =
  | 'dex'
  | 'jar'
  | 'class'
  | 'script'
  | 'mach-o'
  | 'library'
  | 'dart'
  | 'assembly'
  | 'assembly-store'
  | 'unity'
  | 'bytes'
  | 'app';

export interface Part {
  file: string;
  kind: PartKind;
  size: number;
  /** Whose file it is, by its folder; undefined where the content tells. */
  isForeign: boolean;
}

const KINDS: ReadonlyArray<readonly [RegExp, PartKind]> = [
  [/\.dex$/, 'dex'],
  [/^(?:classes|libs\/[^/]+)\.jar$/, 'jar'],
  [/\/global-metadata\.dat$/, 'unity'],
  [/(?:^|\/)lib(?:\/[^/]+)?\/libassemblies\.[^/]+\.blob\.so$/, 'assembly-store'],
  [/(?:^|\/)assemblies\/assemblies\.[^/]*blob$/, 'assembly-store'],
  [/(?:^|\/)lib\/[^/]+\/lib_[^/]+\.dll\.so$/, 'assembly-store'],
  [/\.dll$/, 'assembly'],
  [/\/App\.framework\/App$/, 'dart'],
  [/\/libapp\.so$/, 'dart'],
  [/(?:^|\/)(?:lib|jni)\/[^/]+\/[^/]+\.so$/, 'library'],
  [/(?:^|\/)assets\/.*\.(?:c?js|mjs|bundle|hbc)$/, 'script'],
  [/^Payload\/.*\.(?:c?js|mjs|jsbundle|hbc)$/, 'script'],
  [/(?:^|\/)resources\.(?:arsc|pb)$/, 'bytes'],
  [/(?:^|\/)(?:assets|www|public)\/.*\.html?$/, 'bytes'],
  [/^Payload\/[^/]+\.app\/[^/.]+$/, 'mach-o'],
  [/\/([^/]+)\.(?:framework|appex|app)\/\1$/, 'mach-o'],
  [/(?:^|\/)[^/]+\.(?:dylib|a)$/, 'mach-o'],
  [/\.aar$/, 'app'],
  [/\.class$/, 'class'],
];

/** Engines and runtimes: large, and never the app's own code. */
const RUNTIMES =
  /\/(?:lib(?:flutter|hermes\w*|jsc|reactnative\w*|react_\w+|monosgen[^/]*|mono-[^/]*|monodroid|xamarin[^/]*|System\.[^/]*|unity|il2cpp|main|c\+\+_shared|fbjni|folly\w*|glog\w*|jsi\w*|yoga|turbomodule\w*|v8\w*|node)\.so|(?:Flutter|hermes|UnityFramework)\.framework\/[^/]+)$/;
const FOREIGN_FOLDERS =
  /(?:^|\/)(?:www|public|assets)\/(?:[^/]+\/)*(?:plugins|node_modules)\/|(?:^|\/)cordova(?:_plugins)?\.js$/;
const FOREIGN_ASSEMBLIES =
  /(?:^|\/)(?:System|Microsoft|Mono|Xamarin|mscorlib|netstandard|Java\.Interop)(?:\.[^/]*)?\.dll$/;
/** Best first: all of them are built from the same sources. */
const ABIS = ['arm64-v8a', 'x86_64', 'armeabi-v7a', 'x86'];

export function kindOf(file: string): PartKind | undefined {
  if (RUNTIMES.test(file) || file.startsWith('__MACOSX/')) return undefined;
  return KINDS.find(([pattern]) => pattern.test(file))?.[1];
}

export function partsOf(members: ReadonlyArray<{ name: string; size: number }>): Part[] {
  const abis = members.map(({ name }) => abiOf(name));
  const abi = ABIS.find((each) => abis.includes(each));
  return members.flatMap(({ name, size }) => {
    const kind = kindOf(name);
    const other = abiOf(name);
    if (kind === undefined || (abi !== undefined && other !== undefined && other !== abi)) return [];
    return [{ file: name, kind, size, isForeign: FOREIGN_FOLDERS.test(name) || FOREIGN_ASSEMBLIES.test(name) }];
  });
}

function abiOf(file: string): string | undefined {
  const found = /(?:^|\/)(?:lib|jni|assemblies)\/(arm64-v8a|armeabi-v7a|x86_64|x86)\//.exec(file)?.[1];
  return found ?? /\/assemblies\.(arm64_v8a|armeabi_v7a|x86_64|x86)\.blob$/.exec(file)?.[1]?.replace('_v', '-v');
}
