/** Which reader takes a part, by its kind and its first bytes. */
import type { PartKind } from './app-parts.ts';
import { findInOneAssembly, findInStore } from './dotnet/assembly-store.ts';
import type { PartContent } from './evidence.ts';
import { findInUnity } from './find-in-unity.ts';
import { findInHermes } from './hermes/find-in-hermes.ts';
import { isHermes } from './hermes/hermes-file.ts';
import { findInClass } from './jvm/find-in-class.ts';
import { findInMachO } from './mach-o/find-in-mach-o.ts';
import { findInScript } from './script/find-in-script.ts';

type Reader = (bytes: Buffer, file: string, names: readonly string[]) => PartContent | Promise<PartContent>;

/** Readers of a whole part; each may throw UnreadablePart. Other kinds are searched as bytes. */
export const READERS: Partial<Record<PartKind, Reader>> = {
  script: (bytes, file, names) =>
    isHermes(bytes) ? findInHermes(bytes, file, names) : findInScript(bytes, file, names),
  'mach-o': findInMachO,
  assembly: findInOneAssembly,
  'assembly-store': findInStore,
  unity: findInUnity,
  class: findInClass,
};
