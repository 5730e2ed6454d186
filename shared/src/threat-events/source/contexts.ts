/** Whether `registerReceiver` is called on a Context of Android. On anything else, such as a LocalBroadcastManager, it is another method. */
import { childOf, childrenOf, fieldOf, type SyntaxNode, textOf } from './node.ts';
import { isFromKotlin, isPlatformPath } from './platform-types.ts';
import { type Call, type Declaration, is } from './program.ts';
import { behind, isPlatformType, type Search } from './registrations.ts';
import type { Declared } from './shape.ts';

const words = (text: string) => new Set(text.trim().split(/\s+/u));

/** Types of Android, AndroidX and the frameworks above it that are Contexts. */
const CONTEXTS = words(`
  Context ContextWrapper ContextThemeWrapper Application MultiDexApplication Activity AppCompatActivity ComponentActivity FragmentActivity
  PreferenceActivity ListActivity NativeActivity GameActivity Service IntentService JobIntentService JobService LifecycleService
  AccessibilityService NotificationListenerService VpnService TileService InputMethodService WallpaperService FirebaseMessagingService
  MvxActivity MvxAppCompatActivity MvxFormsAppCompatActivity FlutterActivity FlutterFragmentActivity FlutterApplication ReactActivity ReactContext ReactApplicationContext ThemedReactContext
  CordovaActivity BridgeActivity DaggerApplication DaggerAppCompatActivity DaggerActivity DaggerService MauiApplication
  MauiAppCompatActivity FormsAppCompatActivity FormsApplicationActivity UnityPlayerActivity`);
/** Types whose objects have no `registerReceiver`: a call without an object inside of one means the class around it. */
const OTHERS = words(`
  BroadcastReceiver Runnable Callable Thread Handler Object Any Binder ServiceConnection OnClickListener ActivityLifecycleCallbacks
  DefaultLifecycleObserver LifecycleObserver LifecycleEventObserver TimerTask`);
/** Functions of Kotlin and Android whose lambda gets no receiver with a method of that name. */
const PLAIN_LAMBDAS = words(`
  let also forEach forEachIndexed onEach map filter repeat lazy synchronized use runCatching thread post postDelayed runOnUiThread launch async
  withContext withTimeout coroutineScope supervisorScope runBlocking getOrElse onSuccess onFailure takeIf takeUnless setOnClickListener
  setOnLongClickListener flow callbackFlow channelFlow produce awaitClose invokeOnClose invokeOnCompletion suspendCoroutine
  suspendCancellableCoroutine collect collectLatest onStart onCompletion observe observeForever launchWhenCreated launchWhenStarted
  launchWhenResumed repeatOnLifecycle withStarted withResumed withCreated setContent DisposableEffect LaunchedEffect SideEffect onDispose
  LifecycleStartEffect LifecycleResumeEffect onStopOrDispose onPauseOrDispose registerForActivityResult doOnLayout doOnPreDraw doOnAttach
  addOnSuccessListener addOnFailureListener addOnCompleteListener Runnable Thread Observer execute submit subscribe LifecycleEventObserver`);
const RECEIVER_LAMBDAS = words('apply run with');
const GETTERS = words(
  'getApplicationContext requireContext requireActivity getBaseContext getReactApplicationContext getThemedContext',
);
/** Those that other classes have as well. */
const OWN_GETTERS = words('getActivity getContext getCurrentActivity');
/** Classes with `getApplication()`, besides the Contexts. */
const VIEW_MODELS = words('AndroidViewModel');
/** What Compose has for the Context of a composition: `LocalContext.current`. */
const COMPOSITION_LOCALS = words('LocalContext LocalActivity');
/** Types that hold an object: `WeakReference<Context>`. */
const REFERENCE = /^(?:java\.lang\.ref\.)?(?:Weak|Soft)Reference<([\w.]+)\??>\??$/u;
const PROPERTIES = words('applicationContext baseContext ApplicationContext BaseContext reactApplicationContext');
const OWN_PROPERTIES = words('context activity Context Activity');
/** Events of MAUI's Android builder whose first parameter is the Activity. */
const MAUI_EVENTS = words('OnCreate OnPostCreate OnStart OnRestart OnResume OnPostResume');
/** Classes with those methods and properties. */
const HOLDERS = words('Fragment DialogFragment ListFragment PreferenceFragmentCompat BottomSheetDialogFragment View');

/** @returns whether the call registers with the system */
export function isOnContext(search: Search, node: SyntaxNode, call: Call): boolean {
  if (call.of === undefined) return isSelfContext(search, node, 'any');
  const owner = search.program.bareShape(call.of);
  if ((owner?.is === 'name' || owner?.is === 'member') && owner.name === 'ContextCompat')
    return isPlatformType(search, owner.name, node);
  return isContext(search, call.of, 0);
}

function isContext(search: Search, node: SyntaxNode, depth: number): boolean {
  const { program, values } = search;
  if (depth > 16) return false;
  const bare = program.bare(node);
  const shape = program.shape(bare);
  if (shape?.is === 'self') return isSelfContext(search, bare, 'nearest');
  if (shape?.is === 'call') return isContextCall(search, bare, shape, depth);
  if (shape?.is !== 'name' && shape?.is !== 'member') return false;
  const declared = values.meanings.namedBy(bare) ?? [];
  if (declared.length > 0) return declared.every((one) => isContextVariable(search, one, depth));
  if (shape.is === 'name') {
    const lambda = program.implicitLambda(shape.name, bare);
    if (lambda) return isContextSubject(search, lambda, depth);
    const inherited = inheritedMembers(search, bare, shape.name);
    if (inherited.length > 0) return inherited.every((one) => isContextVariable(search, one, depth));
    if (shape.name === 'application') return isInContext(search, bare);
    return PROPERTIES.has(shape.name) || (OWN_PROPERTIES.has(shape.name) && isInHolder(search, bare));
  }
  if (shape.of === undefined || isDeclaredAnywhere(search, shape.name)) return false;
  if (PROPERTIES.has(shape.name)) return true;
  const owner = program.bareShape(shape.of);
  if (owner?.is === 'self' && shape.name === 'application') return isInContext(search, bare);
  if (owner?.is === 'self') return OWN_PROPERTIES.has(shape.name) && isInHolder(search, bare);
  if (owner?.is !== 'name' && owner?.is !== 'member') return false;
  if (shape.name === 'current') return COMPOSITION_LOCALS.has(owner.name) && isPlatformType(search, owner.name, bare);
  // C#: `Application.Context`, and what MAUI has for it.
  if (shape.name === 'Context') return isContextType(search, textOf(shape.of), bare, 0);
  return owner.name === 'Platform' && (shape.name === 'AppContext' || shape.name === 'CurrentActivity');
}

function isContextCall(search: Search, node: SyntaxNode, call: Call, depth: number): boolean {
  const { program } = search;
  const own = program.functionsNamed(call.name);
  if (own.length > 0)
    return own.every((one) => {
      const type = returnType(one.node);
      return type !== undefined && isContextType(search, type, one.node, 0);
    });
  if (GETTERS.has(call.name)) return true;
  const owner = call.of && program.bareShape(call.of);
  if (call.name === 'getApplication')
    return (
      (owner === undefined || owner.is === 'self') && (isInContext(search, node) || isIn(search, node, VIEW_MODELS))
    );
  if (call.name === 'get' && call.of && call.args.length === 0) return isReference(search, call.of);
  if (OWN_GETTERS.has(call.name)) {
    if (owner?.is === 'name' && owner.name === 'cordova') return true;
    return owner === undefined || owner.is === 'self' ? isInHolder(search, node) : false;
  }
  const [only, ...more] = call.args;
  if (only && more.length === 0 && ['requireNonNull', 'requireNotNull', 'checkNotNull'].includes(call.name))
    return isContext(search, only.node, depth + 1);
  return call.of === undefined && isContextType(search, call.name, node, 0);
}

/** As it is declared, or as what it is set to. */
function isContextVariable(search: Search, declaration: Declaration, depth: number): boolean {
  const { what, node } = declaration;
  const type = typeOf(what);
  if (type !== undefined) return isContextType(search, type, node, 0);
  if (is(declaration, 'parameter'))
    return isContextSubject(search, declaration.what.of, depth) || isMauiActivity(search, declaration.what);
  const value = search.values.meanings.onlyValue(declaration);
  return value !== undefined && isContext(search, value, depth + 1);
}

function typeOf(what: Declared): string | undefined {
  const type = 'type' in what ? what.type : undefined;
  return type === 'var' ? undefined : type;
}

/** What `let` and `also` hand to their lambda. */
function isContextSubject(search: Search, lambda: SyntaxNode, depth: number): boolean {
  const call = search.program.userOf(lambda)?.call;
  const passes = call?.name === 'also' || call?.name === 'let';
  return passes && call.of !== undefined && isContext(search, call.of, depth + 1);
}

/** MAUI: `builder.ConfigureLifecycleEvents(events => events.AddAndroid(android => android.OnCreate((activity, bundle) => …)))`. */
function isMauiActivity({ program }: Search, { of, index }: Extract<Declared, { as: 'parameter' }>): boolean {
  const event = program.userOf(of)?.call;
  if (index !== 0 || !event?.of || !MAUI_EVENTS.has(event.name)) return false;
  const shape = program.shape(rootOf(program, event.of));
  const [declared] = shape?.is === 'name' ? program.lookUp(shape.name, event.of) : [];
  const outer = is(declared, 'parameter') ? program.userOf(declared.what.of)?.call : undefined;
  return outer?.name === 'AddAndroid' && program.callsOf('ConfigureLifecycleEvents').length > 0;
}

/** The object at the beginning of `android.OnCreate(…).OnStop(…)`. */
function rootOf(program: Search['program'], node: SyntaxNode): SyntaxNode {
  let found = program.bare(node);
  for (let shape = program.shape(found); shape?.is === 'call' && shape.of; shape = program.shape(found))
    found = program.bare(shape.of);
  return found;
}

/** A type by its name, as written: it, or the class that it extends. */
function isContextType(search: Search, text: string, at: SyntaxNode, depth: number): boolean {
  if (depth > 16) return false;
  const plain = text
    .replace(/^global::/u, '')
    .replace(/<.*$/su, '')
    .replace(/[?!\s]+$/u, '');
  const name = plain.slice(plain.lastIndexOf('.') + 1);
  if (name !== plain && isPlatformPath(plain)) return CONTEXTS.has(name);
  const own = search.program.typesNamed(name);
  if (own.length > 0) return own.every((type) => isContextClass(search, type, depth, false));
  if (name !== plain) return false;
  return CONTEXTS.has(name) && isPlatformType(search, name, at);
}

type Type = ReturnType<Search['program']['typesNamed']>[number];

/** @param isInside the call stands in this class, so a `registerReceiver` that it has was looked at already */
function isContextClass(search: Search, type: Type, depth: number, isInside: boolean): boolean {
  const { program } = search;
  if (!isInside && REGISTER_NAMES.some((name) => program.memberOf(type, name).length > 0)) return false;
  // The parts of a `partial class` of C#.
  const parts = type.node.file.path.endsWith('.cs') ? program.typesNamed(type.what.name) : [type];
  return parts.some((part) =>
    superTypes(part.node).some((one) => isContextType(search, textOf(one.type), part.node, depth + 1)),
  );
}

const REGISTER_NAMES = ['registerReceiver', 'RegisterReceiver'];

/** `isClass`: not an interface, as far as the syntax shows. */
function superTypes(node: SyntaxNode): Array<{ type: SyntaxNode; isClass: boolean }> {
  const java = fieldOf(node, 'superclass')?.children ?? [];
  const csharp = fieldOf(node, 'bases')?.children ?? [];
  const kotlin = childrenOf(node, 'delegation_specifier').flatMap(({ children }) => children.slice(0, 1));
  return [
    ...java.map((type) => ({ type, isClass: true })),
    ...csharp.map((type) => ({ type, isClass: !/^I\p{Lu}/u.test(lastName(type)) })),
    ...kotlin.map((one) => ({ type: one.children[0] ?? one, isClass: one.type === 'constructor_invocation' })),
  ];
}

function lastName(type: SyntaxNode): string {
  return textOf(type).replace(/<.*$/su, '').split('.').at(-1) ?? '';
}

/** Whether a class can only have the methods of `Object`, so that the name is looked for further out. */
function passesOn(supers: ReturnType<typeof superTypes>): boolean {
  return supers.every(({ type, isClass }) => !isClass || OTHERS.has(lastName(type)));
}

/**
 * What `this` is at a place.
 * @param which the nearest object only, or any of those around it, as for a call without an object
 */
function isSelfContext(search: Search, node: SyntaxNode, which: 'nearest' | 'any'): boolean {
  const { program } = search;
  const [, label] = /^this@(\w+)$/u.exec(textOf(node)) ?? /^(\w+)\.this$/u.exec(textOf(node)) ?? [];
  for (let around = node.parent; around; around = around.parent) {
    const lambda = around.type === 'lambda_literal' && label === undefined ? lambdaSays(search, around) : 'nothing';
    if (lambda !== 'nothing') {
      if (lambda === 'context') return true;
      if (lambda === 'unknown' || which === 'nearest') return false;
    }
    const receiver = label === undefined || label === functionName(around) ? extended(around) : undefined;
    if (receiver !== undefined) {
      if (isContextType(search, receiver, around, 0)) return true;
      if (which === 'nearest' || label !== undefined || receiver !== 'IntentFilter') return false;
    }
    const [type] = program.typesWithBody(around);
    const anonymous = anonymousTypes(around);
    if (type !== undefined) {
      if (label !== undefined && type.what.name !== label) continue;
      if (isContextClass(search, type, 0, true)) return true;
      if (which === 'nearest' || label !== undefined || !passesOn(superTypes(type.node))) return false;
    } else if (anonymous !== undefined && label === undefined && (which === 'nearest' || !passesOn(anonymous)))
      return false;
  }
  return false;
}

function lambdaSays(search: Search, lambda: SyntaxNode): 'nothing' | 'context' | 'other' | 'unknown' {
  const call = search.program.userOf(lambda)?.call;
  if (call === undefined) return 'nothing';
  if (!RECEIVER_LAMBDAS.has(call.name)) return isPlainLambda(search, lambda, call.name) ? 'nothing' : 'unknown';
  const subject = call.name === 'with' ? call.args[0]?.node : call.of;
  if (subject === undefined) return call.name === 'run' ? 'nothing' : 'unknown';
  if (isContext(search, subject, 0)) return 'context';
  const made = search.program.shape(behind(search, subject));
  return made?.is === 'call' && made.name === 'IntentFilter' ? 'other' : 'unknown';
}

/** Whether the lambda of a function has no receiver, or none that has a `registerReceiver`: that of no library has. */
function isPlainLambda({ program }: Search, { file }: SyntaxNode, name: string): boolean {
  const own = program.functionsNamed(name);
  if (own.length > 0) return own.every(({ node }) => !RECEIVER_TYPE.test(textOf(node)));
  return PLAIN_LAMBDAS.has(name) || isFromKotlin(file, name);
}

/** `Type.() -> Unit` */
const RECEIVER_TYPE = /\.\s*\([^()]*\)\s*->/u;

function functionName(node: SyntaxNode): string | undefined {
  const name = node.type === 'function_declaration' ? childOf(node, 'simple_identifier') : undefined;
  return name && textOf(name);
}

/** Kotlin: the `Type` of `fun Type.name()`. */
function extended(node: SyntaxNode): string | undefined {
  if (node.type === 'getter' && node.parent?.type !== 'property_declaration') {
    // A getter on a line of its own stands beside the property.
    const before = node.parent?.children[node.parent.children.indexOf(node) - 1];
    return before && extended(before);
  }
  if (node.type !== 'function_declaration' && node.type !== 'property_declaration') return undefined;
  const before: SyntaxNode[] = [];
  for (const child of node.children) {
    if (child.type === 'simple_identifier' || child.type === 'variable_declaration') break;
    before.push(child);
  }
  const type = before.find((child) => child.type === 'user_type' || child.type === 'nullable_type');
  return type && textOf(type);
}

/** Of `new Type() { … }` and `object : Type() { … }`; undefined where a node is neither. */
function anonymousTypes(node: SyntaxNode): ReturnType<typeof superTypes> | undefined {
  if (node.type === 'object_literal') return superTypes(node);
  if (node.type !== 'object_creation_expression' || childOf(node, 'class_body') === undefined) return undefined;
  const type = fieldOf(node, 'type');
  return type ? [{ type, isClass: true }] : undefined;
}

/** A field that a class of the tree hands down to the class around this place. */
function inheritedMembers({ program }: Search, node: SyntaxNode, name: string): Declaration[] {
  let type = program.typeAround(node);
  for (let depth = 0; type && depth < 16; depth++) {
    const found = program.memberOf(type, name);
    if (found.length > 0) return found;
    const next: Type[] = superTypes(type.node).flatMap((one) => program.typesNamed(lastName(one.type)));
    type = next.length === 1 ? next[0] : undefined;
  }
  return [];
}

function isInHolder(search: Search, node: SyntaxNode): boolean {
  return isIn(search, node, HOLDERS);
}

function isIn({ program }: Search, node: SyntaxNode, classes: ReadonlySet<string>): boolean {
  const type = program.typeAround(node);
  return type !== undefined && superTypes(type.node).some((one) => classes.has(lastName(one.type)));
}

/** Whether the class around a place is a Context: an Activity or a Service, if it asks for its Application. */
function isInContext(search: Search, node: SyntaxNode): boolean {
  const type = search.program.typeAround(node);
  return type !== undefined && isContextClass(search, type, 0, true);
}

function isReference(search: Search, node: SyntaxNode): boolean {
  const declared = search.values.meanings.namedBy(node) ?? [];
  return (
    declared.length > 0 &&
    declared.every((one) => {
      const [, type] = REFERENCE.exec(typeOf(one.what) ?? '') ?? [];
      return type !== undefined && isContextType(search, type, one.node, 0);
    })
  );
}

function isDeclaredAnywhere({ program }: Search, name: string): boolean {
  return program.isMemberSomewhere(name);
}

function returnType(node: SyntaxNode): string | undefined {
  const named = fieldOf(node, 'type') ?? fieldOf(node, 'returns');
  if (named) return textOf(named);
  const list = childOf(node, 'function_value_parameters');
  const after = list && node.children[node.children.indexOf(list) + 1];
  return after && (after.type === 'user_type' || after.type === 'nullable_type') ? textOf(after) : undefined;
}
