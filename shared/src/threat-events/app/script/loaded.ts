/** Which scripts of an app run: the bundle of React Native, and what the start page of a Cordova or Capacitor app loads. */
import type { Zip } from '../../../files/zip-members.ts';
import type { Finding } from '../evidence.ts';
import { elementsOf } from '../manifest/packages.ts';
import type { Chunk } from './bundle.ts';
import { findInScript } from './find-in-script.ts';
import { callsGlobal } from './global-calls.ts';
import { importsOf } from './imports.ts';
import { type Page, readPage } from './page.ts';
import { type Parse, parser } from './parse.ts';
import { UNCALLED } from './runs.ts';

const PAGE = /\.html?$/;
const BUNDLE = /^((?:base\/)?assets\/|Payload\/[^/]+\.app\/)([^/]+\.(?:bundle|jsbundle|hbc))$/;
/** What React Native calls it; an app can give it another name. */
const USUAL_BUNDLES = new Set(['index.android.bundle', 'main.jsbundle']);
const APP_FOLDER = /^(?:base\/)?assets\/|^Payload\/[^/]+\.app\//;
/** What says where the app starts. */
export const START_FILES =
  /^(?:base\/)?(?:res\/xml\/config\.xml|assets\/capacitor\.config\.json)$|^Payload\/[^/]+\.app\/(?:config\.xml|capacitor\.config\.json)$/;
const MAX_SETTINGS = 1024 * 1024;
const MAX_PAGE = 1024 * 1024;
const MAX_SCRIPT = 8 * 1024 * 1024;
/** Text that is parsed to find what a script imports. */
const MAX_PARSED = 16 * 1024 * 1024;
/** The base of a page whose files are not in the app. */
const ELSEWHERE = '//';
const ORIGIN = 'https://app.invalid';

interface Start {
  page: string;
  text: string;
  /** In order: files, and the page for its own code. */
  scripts: Set<string>;
  inline: Chunk[];
  /** Why a file that the page names does not run. */
  doubts: Map<string, string>;
}

export class LoadedScripts {
  readonly #zip: Zip;
  readonly #files: ReadonlySet<string>;
  readonly #texts = new Map<string, string>();
  #start: Promise<Start | string> | undefined;
  #left = MAX_PARSED;

  constructor(zip: Zip) {
    this.#zip = zip;
    this.#files = new Set(zip.members.map(({ name }) => name));
  }

  /** @returns why a registration in the file may never run */
  async #doubtOf(file: string): Promise<string | undefined> {
    if (BUNDLE.test(file)) return this.#bundleDoubt(file);
    const start = await this.#started();
    if (typeof start === 'string') return `registered in a script, but ${start}`;
    if (file === start.page || start.scripts.has(file)) return undefined;
    const why = start.doubts.get(file) ?? `the start page (${baseName(start.page)}) does not load it`;
    return `registered in a script that may not run: ${why}`;
  }

  /** What the code in the start page registers. */
  async findInPage(file: string, within: string, names: readonly string[]): Promise<Finding[]> {
    if (!PAGE.test(file)) return [];
    const start = await this.#started();
    if (typeof start === 'string' || start.page !== file || start.inline.length === 0) return [];
    const { findings } = await findInScript(Buffer.from(start.text, 'latin1'), within + file, names, start.inline);
    return this.judge(findings, file);
  }

  /** A registration that may never run is only a name. */
  async judge(findings: readonly Finding[], file: string): Promise<Finding[]> {
    const isRegistration = ({ place }: Finding) => place.what === 'registration';
    const doubt = findings.some(isRegistration) ? await this.#doubtOf(file) : undefined;
    const judged: Finding[] = [];
    for (const finding of findings) {
      const { place, calledBy } = finding;
      const isCalled = calledBy === undefined || doubt !== undefined || (await this.#calls(calledBy, file));
      const detail = doubt ?? (isCalled ? undefined : UNCALLED);
      const isName = isRegistration(finding) && detail !== undefined;
      judged.push(isName ? { ...finding, place: { ...place, what: 'name', detail } } : finding);
    }
    return judged;
  }

  /** Whether another script calls a function of this one. */
  async #calls(name: string, from: string): Promise<boolean> {
    const start = await this.#started();
    if (typeof start === 'string') return false;
    const parse = await parser();
    const others = [...start.scripts].filter((file) => file !== from);
    for (const file of others) if (callsGlobal(await this.#read(file), name, parse)) return true;
    return from !== start.page && start.inline.some(({ text }) => callsGlobal(text, name, parse));
  }

  #bundleDoubt(file: string): string | undefined {
    const [, folder, name = ''] = BUNDLE.exec(file) ?? [];
    const others = [...this.#files].filter((each) => each !== file && BUNDLE.exec(each)?.[1] === folder);
    if (USUAL_BUNDLES.has(name) || others.length === 0) return undefined;
    return 'registered in one of several bundles, and which of them the app loads cannot be told';
  }

  #started(): Promise<Start | string> {
    this.#start ??= this.#findStart();
    return this.#start;
  }

  async #findStart(): Promise<Start | string> {
    const page = await this.#pageFile();
    if (page === undefined || !this.#files.has(page)) return 'no start page was found for it';
    const text = await this.#zip.read(page, MAX_PAGE).then(
      (bytes) => bytes.toString('latin1'),
      () => undefined,
    );
    const read = text === undefined ? undefined : await readPage(text);
    if (text === undefined || read === undefined) return `the start page (${baseName(page)}) cannot be read`;
    return this.#scriptsOf(page, text, read);
  }

  /** Capacitor serves `public`; Cordova serves `www`, and its config.xml can name the page. */
  async #pageFile(): Promise<string | undefined> {
    const folder = [...this.#files].map((name) => APP_FOLDER.exec(name)?.[0]).find((each) => each !== undefined);
    if (folder === undefined) return undefined;
    const settings = `${folder}capacitor.config.json`;
    if (this.#files.has(settings)) return (await this.#isRemote(settings)) ? undefined : `${folder}public/index.html`;
    const [www, page] = [`${folder}www/`, `${folder}public/index.html`];
    if (![...this.#files].some((name) => name.startsWith(www))) return page;
    const config = folder.startsWith('Payload/')
      ? `${folder}config.xml`
      : folder.replace(/assets\/$/, 'res/xml/config.xml');
    return resolve(await this.#contentOf(config), `${www}index.html`, www);
  }

  async #contentOf(config: string): Promise<string> {
    if (!this.#files.has(config)) return 'index.html';
    const elements = await this.#zip
      .read(config, MAX_SETTINGS)
      .then(elementsOf)
      .catch(() => []);
    return elements.find(({ name }) => name === 'content')?.attributes['src'] || 'index.html';
  }

  async #isRemote(settings: string): Promise<boolean> {
    try {
      const { server } = JSON.parse(String(await this.#zip.read(settings, MAX_SETTINGS)));
      return server?.url !== undefined;
    } catch {
      return true;
    }
  }

  async #scriptsOf(page: string, text: string, { scripts, base = '' }: Page): Promise<Start> {
    const start: Start = { page, text, scripts: new Set(), inline: [], doubts: new Map() };
    const root = rootOf(page);
    const at = resolve(base, page, root) ?? ELSEWHERE;
    const parse = await parser();
    for (const { src, code, isModule, doubt } of scripts) {
      if (src === undefined && code === undefined) continue;
      const file = src === undefined ? page : resolve(src, at, root);
      if (file === undefined || !this.#files.has(file)) continue;
      if (doubt !== undefined) {
        if (code === undefined) start.doubts.set(file, doubt);
        continue;
      }
      const graph = new Set<string>();
      if (isModule) {
        const own = code?.text ?? (await this.#read(file));
        const missing = await this.#follow(own, code ? at : file, root, graph, parse);
        if (missing !== undefined) {
          for (const each of [file, ...graph]) if (each !== page) start.doubts.set(each, missing);
          continue;
        }
      }
      if (code !== undefined) start.inline.push(code);
      else start.scripts.add(file);
      for (const each of graph) start.scripts.add(each);
    }
    return start;
  }

  /** @returns why a module, and with it whatever imports it, does not run */
  async #follow(
    text: string,
    file: string,
    root: string,
    graph: Set<string>,
    parse: Parse,
  ): Promise<string | undefined> {
    const open: Array<[text: string, file: string]> = [[text, file]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [code, at] = next;
      this.#left -= code.length;
      const imports = this.#left < 0 ? undefined : importsOf(code, parse);
      if (imports === undefined) return `${baseName(at)} could not be parsed`;
      for (const each of imports) {
        const imported = /^\.{0,2}\//.test(each) ? resolve(each, at, root) : undefined;
        if (imported === undefined || !this.#files.has(imported))
          return `${baseName(at)} imports ${JSON.stringify(each.slice(0, 100))}, which was not found`;
        if (graph.has(imported)) continue;
        graph.add(imported);
        open.push([await this.#read(imported), imported]);
      }
    }
    return undefined;
  }

  async #read(file: string): Promise<string> {
    const known = this.#texts.get(file);
    if (known !== undefined) return known;
    const text = await this.#zip.read(file, MAX_SCRIPT).then(
      (bytes) => bytes.toString('latin1'),
      () => '',
    );
    this.#texts.set(file, text);
    return text;
  }
}

/** The folder that the app serves. */
const rootOf = (page: string): string => /^.*?\/(?:www|public)\//.exec(page)?.[0] ?? '';

const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);

/** @returns the file in the app; undefined if it is elsewhere */
function resolve(reference: string, from: string, root: string): string | undefined {
  try {
    if (from === ELSEWHERE) return undefined;
    const url = new URL(reference, `${ORIGIN}/${from.slice(root.length)}`);
    return url.origin === ORIGIN ? root + decodeURIComponent(url.pathname.slice(1)) : undefined;
  } catch {
    return undefined;
  }
}
