/** Objects and lambdas in which `registerReceiver` is that of a Context, and those in which it may be another. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const KOTLIN = 'registerReceiver(r, IntentFilter("RootedDevice"))';
const JAVA = 'registerReceiver(new R(), new IntentFilter("RootedDevice"));';
const CSHARP = 'RegisterReceiver(new R(), new IntentFilter("RootedDevice"))';

const outcome = async (file: string, text: string) => (await outcomesOf({ [file]: text }))['RootedDevice'];

describe('a Context', () => {
  it.each([
    // The Application of an Activity, a Service, a view model.
    ['A.java', `class A extends Activity { void f() { getApplication().${JAVA} } }`],
    ['A.java', `class A extends B { void f() { this.getApplication().${JAVA} } } class B extends Service { }`],
    ['A.java', `class A extends AndroidViewModel { void f() { getApplication().${JAVA} } }`],
    ['A.kt', `class A : AppCompatActivity() { fun f() { application.${KOTLIN} } }`],
    ['A.kt', `class A : LifecycleService() { fun f() { this.application.${KOTLIN} } }`],
    ['A.kt', `class A(a: Application) : AndroidViewModel(a) { init { getApplication<Application>().${KOTLIN} } }`],
    ['A.kt', `class A(val c: WeakReference<Context>) { fun f() { c.get()?.${KOTLIN} } }`],
    // Compose.
    ['A.kt', `@Composable fun F() { LocalContext.current.${KOTLIN} }`],
    [
      'A.kt',
      `@Composable fun F() { val c = LocalContext.current\nDisposableEffect(c) { c.${KOTLIN}\nonDispose { g() } } }`,
    ],
    ['A.kt', `@Composable fun F() { val a = LocalContext.current as Activity\nLaunchedEffect(Unit) { a.${KOTLIN} } }`],
    // Lambdas without a receiver that has another method of the name.
    ['A.kt', `fun Context.x() = callbackFlow { ${KOTLIN}\nawaitClose { unregisterReceiver(r) } }`],
    ['A.kt', `fun Context.x() = callbackFlow { this@x.${KOTLIN}\nawaitClose { unregisterReceiver(r) } }`],
    ['A.kt', `val Context.x: Flow<Int>\n  get() = callbackFlow { ${KOTLIN}\nawaitClose { g() } }`],
    ['A.kt', `class A : Application() { val x = callbackFlow { ${KOTLIN}\nawaitClose { g() } } }`],
    ['A.kt', `class A : Application() { fun f() { each { ${KOTLIN} } }\nfun each(g: (Int) -> Unit) { g(1) } }`],
    [
      'A.kt',
      `class A : Application() { fun f() { with(IntentFilter()) { addAction("RootedDevice"); registerReceiver(r, this) } } }`,
    ],
    [
      'A.kt',
      `import androidx.core.view.doOnNextLayout\nclass A : Application() { fun f() { v.doOnNextLayout { ${KOTLIN} } } }`,
    ],
    // C#: names with their namespace.
    ['A.cs', `class A : global::Xamarin.Forms.Platform.Android.FormsAppCompatActivity { void F() { ${CSHARP}; } }`],
    ['A.cs', `class A : Xamarin.Forms.Platform.Android.FormsAppCompatActivity { void F() { this.${CSHARP}; } }`],
    ['A.cs', `class A : MvvmCross.Forms.Platforms.Android.Views.MvxFormsAppCompatActivity { void F() { ${CSHARP}; } }`],
    [
      'A.cs',
      `class P { void F() { b.ConfigureLifecycleEvents(e => e.AddAndroid(android => android.OnCreate((activity, state) => activity.${CSHARP}))); } }`,
    ],
    [
      'A.cs',
      `class P { void F() { b.ConfigureLifecycleEvents(e => e.AddAndroid(android => android.OnStop(a => G()).OnStart(a => a.${CSHARP}))); } }`,
    ],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).toBe('registered'));
});

describe('something else', () => {
  it.each([
    ['A.java', `class A extends Model { void f() { getApplication().${JAVA} } }`],
    ['A.java', `class A { void f() { bus.getApplication().${JAVA} } }`],
    ['A.kt', `class A { fun f() { application.${KOTLIN} } }`],
    ['A.kt', `class A { fun f() { LocalBus.current.${KOTLIN} } }`],
    ['A.kt', `import com.example.LocalContext\nclass A { fun f() { LocalContext.current.${KOTLIN} } }`],
    ['A.kt', `class A(val c: WeakReference<Bus>) { fun f() { c.get()?.${KOTLIN} } }`],
    ['A.kt', `fun Bus.x() = callbackFlow { ${KOTLIN} }`],
    ['A.kt', `fun Bus.x() = callbackFlow { this@x.${KOTLIN} }`],
    ['A.kt', `class A : Application() { fun f() { bus { ${KOTLIN} } } }\nfun bus(g: Bus.() -> Unit) { Bus().g() }`],
    [
      'A.kt',
      `class A : Application() { fun f() { of(bus) { ${KOTLIN} } } }\nclass Bus { fun registerReceiver(a: B, b: C) { } }`,
    ],
    ['A.kt', `class A : Application() { fun f() { with(bus) { registerReceiver(r, this) } } }`],
    ['A.cs', `class A : Example.Views.FormsAppCompatActivity { void F() { ${CSHARP}; } }`],
    [
      'A.cs',
      `class P { void F() { b.Configure(e => e.Add(x => x.OnCreate((activity, state) => activity.${CSHARP}))); } }`,
    ],
  ])('%s %s', async (file, text) => expect(await outcome(file, text)).not.toBe('registered'));
});
