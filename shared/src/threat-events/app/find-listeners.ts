/** Does a built app listen to these Threat-Events? */
import { openZip, type Zip, ZipProblem } from '../../files/zip-members.ts';
import type { ListenerPlace, ListenerReport } from '../outcome.ts';
import { kindOf, type Part, type PartKind, partsOf } from './app-parts.ts';
import { namesInPieces } from './bytes-search.ts';
import { DexFinder } from './dex/find-in-dex.ts';
import { dexGroups } from './dex/loaded.ts';
import { assemblyOwners } from './dotnet/assembly-owners.ts';
import { Evidence, type Finding } from './evidence.ts';
import { APP_LIMITS, type AppLimits } from './limits.ts';
import { BUNDLES, bundleOwners } from './manifest/bundles.ts';
import { MAPPING, originalClasses } from './manifest/original-classes.ts';
import { MANIFESTS, packagesOf } from './manifest/packages.ts';
import { NameSearch } from './name-search.ts';
import { type Owner, type OwnerOf, ownersOf, placeBy } from './owners.ts';
import { UnreadablePart } from './problem.ts';
import { READERS } from './readers.ts';
import { LoadedScripts, START_FILES } from './script/loaded.ts';

export interface AppSearch {
  /** An .apk, .aab, .ipa, .aar or .zip. */
  file: string;
  /** Names of events. */
  events: readonly string[];
  /** Whose code is not the app's own: package prefixes, as `com.withpersona`. */
  foreign?: readonly string[];
  /** Whose code is the app's own, though its package has another name than the app. */
  own?: readonly string[];
  limits?: Partial<AppLimits>;
  signal?: AbortSignal;
}

/** @throws the file system's errors, and the reason of the signal */
export async function findListenersInApp(search: AppSearch): Promise<ListenerReport> {
  const names = [...new Set(search.events)].filter((name) => name.length > 1);
  const evidence = new Evidence(names);
  const reader = new AppReader(search, names, evidence);
  await reader.read(search.file, '');
  if (!reader.hasCode) evidence.addUnreadable(search.file, 'holds no code in a form that is known here');
  return { ...evidence.report(), filesRead: reader.filesRead.size };
}

interface OwnedPart extends Part {
  owner: Owner;
  assemblyOwner(assembly: string): Owner;
}

/** A JAR in an AAR in a ZIP. */
const MAX_DEPTH = 3;

class AppReader {
  readonly #search: AppSearch;
  readonly #limits: AppLimits;
  readonly #evidence: Evidence;
  readonly #names: NameSearch;
  readonly #anyEncoding: NameSearch;
  readonly #end: number;
  #bytesLeft: number;
  /** Whether there was anything that could register a listener. */
  hasCode = false;
  readonly filesRead = new Set<string>();

  constructor(search: AppSearch, names: readonly string[], evidence: Evidence) {
    this.#search = search;
    this.#limits = { ...APP_LIMITS, ...search.limits };
    this.#evidence = evidence;
    this.#names = new NameSearch(names);
    this.#anyEncoding = new NameSearch(names, ['latin1', 'utf16le']);
    this.#end = performance.now() + this.#limits.totalMs;
    this.#bytesLeft = this.#limits.totalBytes;
  }

  /**
   * @param within names the place of the app in another file
   * @param doubt why a registration in it proves nothing
   */
  async read(app: string | Buffer, within: string, depth = 0, ownerOf?: OwnerOf, doubt?: string): Promise<void> {
    let zip: Zip;
    try {
      zip = await openZip(
        app,
        (name) =>
          kindOf(name) !== undefined ||
          MANIFESTS.test(name) ||
          BUNDLES.test(name) ||
          START_FILES.test(name) ||
          name === MAPPING,
      );
    } catch (error) {
      if (!(error instanceof ZipProblem)) throw error;
      this.#evidence.addUnreadable(within || String(this.#search.file), error.message);
      return;
    }
    try {
      await this.#readParts(zip, within, depth, ownerOf, doubt);
    } finally {
      zip.close();
    }
  }

  async #readParts(zip: Zip, within: string, depth: number, outer?: OwnerOf, doubt?: string): Promise<void> {
    const { foreign = [], own = [] } = this.#search;
    const original = await originalClasses(zip);
    const packages = await packagesOf(zip);
    const byName = ownersOf(packages, { foreign, own });
    const ownerOf = outer ?? ((name: string) => byName(original.get(name) ?? name));
    const bundles = await bundleOwners(zip, { foreign, own });
    const assemblyOwner = assemblyOwners(
      { ids: [...packages, ...bundles.ids], ...(bundles.executable && { executable: bundles.executable }) },
      { foreign, own },
    );
    const parts = partsOf(zip.members).map(
      (part): OwnedPart => ({
        ...part,
        assemblyOwner,
        owner: part.isForeign
          ? 'foreign'
          : part.kind === 'class'
            ? ownerOf(classNameOf(part))
            : bundles.ownerOf(part.file),
      }),
    );
    this.hasCode ||= parts.some(({ kind }) => !WITHOUT_CODE.has(kind));
    const dex = parts.filter(({ kind }) => kind === 'dex');
    for (const { isIn, detail } of dexGroups(dex.map(({ file }) => file))) {
      const group = dex.filter(({ file }) => isIn(file));
      await this.#readDex(zip, within, group, ownerOf, doubt ?? detail);
    }
    // Other apps in an app, and classes that are no .dex, are data to Android.
    const inner = doubt ?? (isApp(zip) ? INSIDE_APP : undefined);
    const scripts = new LoadedScripts(zip);
    for (const part of parts) {
      if (part.kind === 'dex') continue;
      await this.#guarded(within + part.file, () =>
        this.#readPart(
          zip,
          part,
          within,
          depth,
          ownerOf,
          scripts,
          JVM.has(part.kind) ? inner : (doubt ?? processDoubt(part)),
        ),
      );
    }
  }

  async #readDex(
    zip: Zip,
    within: string,
    parts: readonly Part[],
    ownerOf: OwnerOf,
    doubt: string | undefined,
  ): Promise<void> {
    const finder = new DexFinder(this.#names, ownerOf);
    let open = [...parts];
    for (let again = false; open.length > 0; again = true) {
      let learnt = false;
      const readable: Part[] = [];
      for (const part of open) {
        const file = within + part.file;
        const isRead = await this.#guarded(file, async () => {
          if (finder.look(file, await this.#bytesOf(zip, part), again)) learnt = true;
        });
        if (isRead) readable.push(part);
      }
      // What one file puts into a field, another may read.
      open = learnt && parts.length > 1 ? readable : [];
    }
    for (const { name, place } of finder.finish()) this.#evidence.add({ name, place: doubted(place, doubt) });
  }

  async #readPart(
    zip: Zip,
    part: OwnedPart,
    within: string,
    depth: number,
    ownerOf: OwnerOf,
    scripts: LoadedScripts,
    doubt: string | undefined,
  ): Promise<void> {
    const file = within + part.file;
    if (part.kind === 'app' || part.kind === 'jar') {
      if (depth >= MAX_DEPTH) throw new UnreadablePart('lies too deep in other files');
      // The classes of a library belong to whoever its manifest names.
      const owner = part.kind === 'jar' ? ownerOf : undefined;
      await this.read(await this.#bytesOf(zip, part), `${file}/`, depth + 1, owner, doubt);
      return;
    }
    const read = READERS[part.kind];
    if (read === undefined) {
      const found = await namesInPieces(this.#anyEncoding, this.#counted(zip.pieces(part.file, this.#bytesLeft)));
      for (const name of found)
        this.#add({ name, place: { file, what: 'name', detail: DETAILS[part.kind] ?? '' } }, part);
      const findings = found.size > 0 ? await scripts.findInPage(part.file, within, this.#names.names) : [];
      for (const { name, place } of findings) this.#add({ name, place: doubted(place, doubt) }, part);
      return;
    }
    const { findings, hidden } = await read(await this.#bytesOf(zip, part), file, this.#names.names);
    const judged = part.kind === 'script' ? await scripts.judge(findings, part.file) : findings;
    for (const { place, ...finding } of judged) this.#add({ ...finding, place: doubted(place, doubt) }, part);
    for (const { reason, hides } of hidden ?? []) this.#evidence.addUnreadable(file, reason, hides);
  }

  #add({ name, place, assembly }: Finding, { owner, isForeign, assemblyOwner }: OwnedPart): void {
    const by = assembly === undefined || isForeign ? owner : assemblyOwner(assembly);
    this.#evidence.add({ name, place: placeBy(by, place) });
  }

  /** @returns whether it could be read */
  async #guarded(file: string, read: () => Promise<void>): Promise<boolean> {
    this.#search.signal?.throwIfAborted();
    if (performance.now() > this.#end) {
      this.#evidence.addUnreadable(file, 'was not read: the app takes too long');
      return false;
    }
    try {
      await read();
      this.filesRead.add(file);
      return true;
    } catch (error) {
      if (!(error instanceof UnreadablePart || error instanceof ZipProblem)) throw error;
      this.#evidence.addUnreadable(file, error.message);
      return false;
    }
  }

  async #bytesOf(zip: Zip, { file, size }: Part): Promise<Buffer> {
    const limit = Math.min(this.#limits.partBytes, this.#bytesLeft);
    if (size > limit) throw new UnreadablePart(`is larger than ${Math.round(limit / 1024 / 1024)} MiB`);
    const bytes = Buffer.allocUnsafe(size);
    let filled = 0;
    for await (const piece of this.#counted(zip.pieces(file, size))) filled += piece.copy(bytes, filled);
    return bytes.subarray(0, filled);
  }

  async *#counted(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const piece of pieces) {
      this.#bytesLeft -= piece.length;
      if (this.#bytesLeft < 0) throw new UnreadablePart('was not read: the app unpacks to too many bytes');
      if (performance.now() > this.#end) throw new UnreadablePart('was not read to its end: the app takes too long');
      this.#search.signal?.throwIfAborted();
      yield piece;
    }
  }
}

const OTHER_PROCESS = 'registered in an extension or a Watch app, which runs as another process';

const processDoubt = ({ file }: Part): string | undefined =>
  /\/(?:PlugIns|Extensions|Watch|AppClips)\//.test(file) ? OTHER_PROCESS : undefined;

const JVM: ReadonlySet<PartKind> = new Set<PartKind>(['app', 'jar', 'class']);
const INSIDE_APP = 'registered in a file inside the app that Android does not load';

const isApp = ({ members }: Zip): boolean =>
  members.some(({ name }) => name === 'classes.dex' || name.startsWith('base/dex/'));

/** A registration that may never run is only a name. */
function doubted(place: ListenerPlace, doubt: string | undefined): ListenerPlace {
  return doubt === undefined || place.what !== 'registration' ? place : { ...place, what: 'name', detail: doubt };
}

const WITHOUT_CODE: ReadonlySet<PartKind> = new Set<PartKind>(['bytes', 'app', 'jar']);

const DETAILS: Partial<Record<PartKind, string>> = {
  dart: 'Dart compiled ahead of time does not show which name a channel is opened with',
  library: 'in a native library',
  bytes: 'in resources or a page',
};

function classNameOf({ file }: Part): string {
  return file.replace(/\.class$/, '').replaceAll('/', '.');
}
