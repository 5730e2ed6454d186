/** Whose a .NET assembly is. Libraries have any name, so only one that is called as the app is counts as the app's own. */
import { isOfOwner, type KnownOwners, type Owner } from '../owners.ts';

/** What projects add to the name of an app for one platform. */
const PLATFORMS = /\.(?:android|droid|ios)$/;

/** @param names of the app: its id, and in an .ipa its executable, which is the main assembly */
export function assemblyOwners(
  { ids, executable }: { ids: readonly string[]; executable?: string },
  known: KnownOwners,
): (assembly: string) => Owner {
  const own = new Set(ids.flatMap(endsOf));
  if (executable !== undefined) own.add(executable.toLowerCase());
  const foreign = (known.foreign ?? []).map((each) => each.toLowerCase());
  const named = (known.own ?? []).map((each) => each.toLowerCase());
  return (assembly) => {
    const name = assembly.toLowerCase();
    if (isOfOwner(name, foreign)) return 'foreign';
    if (isOfOwner(name, named) || own.has(name.replace(PLATFORMS, ''))) return 'own';
    return own.size === 0 && named.length === 0 ? 'unclear' : 'foreign';
  };
}

/** `shop` and `example.shop` of `com.example.shop`. */
function endsOf(id: string): string[] {
  const parts = id.toLowerCase().replace(PLATFORMS, '').split('.');
  return parts.map((_, index) => parts.slice(index).join('.')).filter((each) => each !== '');
}
