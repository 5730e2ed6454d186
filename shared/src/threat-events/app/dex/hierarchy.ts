/** Which method a call of `registerReceiver` reaches: the framework's, or one that a class of the app has put in its place. */
import type { Budget } from '../problem.ts';
import { definedMethods } from './class-members.ts';
import { type DexFile, type MethodRef, methodKey } from './dex-file.ts';

export type Target = 'framework' | 'local' | 'other';

const METHOD = 'registerReceiver';
const RECEIVER = 'Landroid/content/BroadcastReceiver;';
const LOCAL = 'Landroidx/localbroadcastmanager/content/LocalBroadcastManager;';
const OLD_LOCAL = 'Landroid/support/v4/content/LocalBroadcastManager;';
const ARGUMENTS = 'Landroid/content/BroadcastReceiver;Landroid/content/IntentFilter;';
const WITH_HANDLER = 'Ljava/lang/String;Landroid/os/Handler;';
const INTENT = 'Landroid/content/Intent;';
const OF_CONTEXT = new Set(
  ['', 'I', WITH_HANDLER, `${WITH_HANDLER}I`].map((more) => `${METHOD}(${ARGUMENTS}${more})${INTENT}`),
);
const OF_COMPAT = new Set(
  ['I', `${WITH_HANDLER}I`].map((more) => `${METHOD}(Landroid/content/Context;${ARGUMENTS}${more})${INTENT}`),
);
const COMPAT = new Set(['Landroidx/core/content/ContextCompat;', 'Landroid/support/v4/content/ContextCompat;']);
/** Contexts of the framework. */
const CONTEXTS = new Set(
  `android/content/Context android/content/ContextWrapper android/view/ContextThemeWrapper android/app/Activity
  android/app/ListActivity android/app/Application android/app/Service android/app/IntentService android/app/job/JobService
  android/accessibilityservice/AccessibilityService android/inputmethodservice/InputMethodService
  android/service/notification/NotificationListenerService android/service/quicksettings/TileService`
    .split(/\s+/)
    .map((each) => `L${each};`),
);
const MAX_DEPTH = 50;

export class Hierarchy {
  readonly #parents = new Map<string, string>();
  /** Methods of that name that the app's classes define. */
  readonly #defined = new Set<string>();

  add(dex: DexFile, budget: Budget): void {
    const candidates = ownersOfMethod(dex, METHOD, budget);
    const { bytes, classes } = dex;
    for (let index = 0; index < classes.count; index++) {
      budget.spend(1);
      const at = classes.at + 32 * index;
      const type = bytes.readUInt32LE(at);
      const parent = bytes.readUInt32LE(at + 8);
      if (parent !== 0xffffffff) this.#parents.set(dex.type(type), dex.type(parent));
      if (!candidates.has(type)) continue;
      for (const method of definedMethods(dex, index, budget)) {
        const found = dex.method(method);
        if (found.name === METHOD) this.#defined.add(methodKey(found));
      }
    }
  }

  isReceiver(type: string): boolean {
    return this.#chain(type).includes(RECEIVER);
  }

  target(callee: MethodRef): Target {
    const call = `${callee.name}(${callee.parameters.join('')})${callee.returns}`;
    if (callee.name === METHOD && [LOCAL, OLD_LOCAL].includes(callee.owner)) return 'local';
    if (COMPAT.has(callee.owner)) return OF_COMPAT.has(call) ? 'framework' : 'other';
    if (!OF_CONTEXT.has(call)) return 'other';
    for (const type of this.#chain(callee.owner)) {
      if (CONTEXTS.has(type)) return 'framework';
      if (this.#defined.has(methodKey({ ...callee, owner: type }))) return 'other';
    }
    return 'other';
  }

  #chain(type: string): string[] {
    const found: string[] = [];
    for (
      let each: string | undefined = type;
      each !== undefined && found.length < MAX_DEPTH;
      each = this.#parents.get(each)
    ) {
      found.push(each);
    }
    return found;
  }
}

/** Indexes of the types that methods of a name belong to. */
function ownersOfMethod(dex: DexFile, name: string, budget: Budget): Set<number> {
  const owners = new Set<number>();
  const wanted = dex.indexOfString(name);
  if (wanted === undefined) return owners;
  const { bytes, methods } = dex;
  for (let index = 0; index < methods.count; index++) {
    budget.spend(1);
    const at = methods.at + 8 * index;
    if (bytes.readUInt32LE(at + 4) === wanted) owners.add(bytes.readUInt16LE(at));
  }
  return owners;
}
