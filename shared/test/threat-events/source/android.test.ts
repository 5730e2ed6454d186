/** Forms of registration in Java, Kotlin and C# on Android, and what only looks like one. */
import { describe, expect, it } from 'vitest';
import { outcomesOf } from './tree.ts';

const java = (body: string, members = '') => ({
  'src/main/java/A.java': `import static com.example.Names.ROOT;
import com.example.Names;
class A extends Application { ${members} void onCreate() { ${body} } }`,
});
const kotlin = (body: string, members = '', top = '') => ({
  'src/main/kotlin/A.kt': `${top}
class A : Application() {
  ${members}
  override fun onCreate() {
    ${body}
  }
}`,
});
const csharp = (body: string, members = '') => ({
  'A.cs': `class A : Application { ${members} public override void OnCreate() { ${body} } }`,
});
const NAMES = {
  'src/main/java/Names.java': 'package com.example; class Names { public static final String ROOT = "RootedDevice"; }',
};

describe.each([
  ['registered', 'registered'],
  ['named', 'named'],
])('%s', (_, outcome) => {
  const cases: Record<string, Array<[string, Record<string, string>]>> = {
    registered: [
      ['Java: the filter is made with the name', java('registerReceiver(r, new IntentFilter("RootedDevice"));')],
      [
        'Java: with a permission and flags',
        java(
          'IntentFilter f = new IntentFilter("RootedDevice"); registerReceiver(r, f, getPackageName() + ".deveventspermission", null, 4);',
        ),
      ],
      ['Java: by ContextCompat', java('ContextCompat.registerReceiver(this, r, new IntentFilter("RootedDevice"), 4);')],
      [
        'Java: on a context',
        java('context.getApplicationContext().registerReceiver(r, new IntentFilter("RootedDevice"));'),
      ],
      [
        'Java: static import',
        { ...java('IntentFilter f = new IntentFilter(); f.addAction(ROOT); registerReceiver(r, f);'), ...NAMES },
      ],
      ['Java: a constant of a class', { ...java('registerReceiver(r, new IntentFilter(Names.ROOT));'), ...NAMES }],
      [
        'Java: a filter in a field, assigned once',
        java(
          'filter = new IntentFilter(); this.filter.addAction("RootedDevice"); registerReceiver(r, filter);',
          'private IntentFilter filter;',
        ),
      ],
      [
        'Java: Arrays.asList and a method reference',
        java(
          'IntentFilter f = new IntentFilter(); EVENTS.forEach(f::addAction); registerReceiver(r, f);',
          'static final List<String> EVENTS = Arrays.asList("RootedDevice", "B");',
        ),
      ],
      [
        'Java: a stream',
        java(
          'IntentFilter f = new IntentFilter(); EVENTS.stream().forEach(n -> f.addAction(n)); registerReceiver(r, f);',
          'static final List<String> EVENTS = List.of("RootedDevice");',
        ),
      ],
      [
        'Java: a counted loop',
        java(
          'IntentFilter f = new IntentFilter(); for (int i = 0; i < E.length; i++) { f.addAction(E[i]); } registerReceiver(r, f);',
          'String[] E = new String[] {"RootedDevice"};',
        ),
      ],
      [
        'Java: a loop with one receiver each',
        java('for (String n : new String[] {"RootedDevice"}) registerReceiver(r, new IntentFilter(n));'),
      ],
      [
        'Java: a list that is filled',
        java(
          'List<String> l = new ArrayList<>(); l.add("RootedDevice"); IntentFilter f = new IntentFilter(); for (String n : l) f.addAction(n); registerReceiver(r, f);',
        ),
      ],
      [
        'Java: a condition that is not about the name',
        java(
          'for (String n : E) { if (Build.VERSION.SDK_INT >= 33) { registerReceiver(r, new IntentFilter(n), 4); } else { registerReceiver(r, new IntentFilter(n)); } }',
          'String[] E = {"RootedDevice"};',
        ),
      ],
      [
        'Java: a registerReceiver of its own that passes on',
        java(
          'registerReceiver(r, new IntentFilter("RootedDevice"));',
          'public Intent registerReceiver(BroadcastReceiver b, IntentFilter f) { return super.registerReceiver(b, f, 4); }',
        ),
      ],
      [
        'Java: an enum with a getter',
        {
          ...java(
            'IntentFilter f = new IntentFilter(); for (Threat t : Threat.values()) f.addAction(t.getAction()); registerReceiver(r, f);',
          ),
          'src/main/java/Threat.java':
            'enum Threat { ROOT("RootedDevice"); private final String action; Threat(String action) { this.action = action; } String getAction() { return action; } }',
        },
      ],
      [
        'Java: names of an enum',
        {
          ...java(
            'IntentFilter f = new IntentFilter(); for (Threat t : Threat.values()) f.addAction(t.name()); registerReceiver(r, f);',
          ),
          'src/main/java/Threat.java': 'enum Threat { RootedDevice, Other }',
        },
      ],
      [
        'Java: a method that makes the filter',
        java(
          'registerReceiver(r, filter());',
          'IntentFilter filter() { IntentFilter f = new IntentFilter(); f.addAction("RootedDevice"); return f; }',
        ),
      ],
      [
        'Java: a method of its own that registers',
        java(
          'listen("RootedDevice");',
          'private void listen(String name) { registerReceiver(r, new IntentFilter(name)); }',
        ),
      ],
      [
        'Java: a method of its own that registers a filter',
        java(
          'IntentFilter f = new IntentFilter("RootedDevice"); listen(f);',
          'private void listen(IntentFilter filter) { registerReceiver(r, filter); }',
        ),
      ],
      [
        'Java: by an object of a class of its own',
        {
          ...java('new Threats(this).listen("RootedDevice");'),
          'src/main/java/Threats.java':
            'class Threats { private final Context context; Threats(Context c) { context = c; } void listen(String name) { context.registerReceiver(r, new IntentFilter(name)); } }',
        },
      ],
      [
        'Kotlin: apply',
        kotlin('registerReceiver(r, IntentFilter().apply { addAction("RootedDevice") }, RECEIVER_NOT_EXPORTED)'),
      ],
      [
        'Kotlin: apply with a loop',
        kotlin(
          'registerReceiver(r, IntentFilter().apply { EVENTS.forEach { addAction(it) } })',
          'private val EVENTS = listOf("RootedDevice")',
        ),
      ],
      [
        'Kotlin: a method reference',
        kotlin(
          'val f = IntentFilter(); EVENTS.forEach(f::addAction); registerReceiver(r, f)',
          'companion object { private val EVENTS = arrayOf("RootedDevice") }',
        ),
      ],
      ['Kotlin: also', kotlin('IntentFilter("RootedDevice").also { registerReceiver(r, it) }')],
      ['Kotlin: with', kotlin('val f = IntentFilter()\nwith(f) { addAction("RootedDevice") }\nregisterReceiver(r, f)')],
      [
        'Kotlin: by lazy',
        kotlin(
          'registerReceiver(r, filter)',
          'private val filter by lazy { IntentFilter().apply { addAction("RootedDevice") } }',
        ),
      ],
      [
        'Kotlin: a function of one expression',
        kotlin('registerReceiver(r, filter())', 'private fun filter() = IntentFilter("RootedDevice")'),
      ],
      [
        'Kotlin: a getter',
        kotlin('registerReceiver(r, filter)', 'private val filter get() = IntentFilter("RootedDevice")'),
      ],
      [
        'Kotlin: a function of its own that gets a filter each time',
        {
          'src/main/kotlin/A.kt':
            'class A(private val context: Context) {\n  private val receiver = object : BroadcastReceiver() { override fun onReceive(c: Context, i: Intent) { log(i.action ?: "none") } }\n  fun start() {\n    listen(IntentFilter("Other"))\n    listen(IntentFilter("RootedDevice"))\n  }\n  private fun listen(filter: IntentFilter) {\n    val action = filter.getAction(0)\n    try {\n      ContextCompat.registerReceiver(context, this.receiver, filter, ContextCompat.RECEIVER_NOT_EXPORTED)\n    } catch (e: Exception) { log("failed " + action, e) }\n  }\n}',
        },
      ],
      [
        'Kotlin: a getter on its own line',
        kotlin(
          'registerReceiver(r, filter)',
          'private val filter: IntentFilter\n    get() = IntentFilter().apply { addAction("RootedDevice") }',
        ),
      ],
      [
        'Kotlin: for',
        kotlin(
          'val f = IntentFilter()\nfor (name in EVENTS) { f.addAction(name) }\nregisterReceiver(r, f)',
          '',
          'private val EVENTS = setOf("RootedDevice", "B")',
        ),
      ],
      [
        'Kotlin: keys of a map',
        kotlin(
          'val f = IntentFilter()\nHANDLERS.keys.forEach { f.addAction(it) }\nregisterReceiver(r, f)',
          '',
          'val HANDLERS = mapOf("RootedDevice" to ::stop)',
        ),
      ],
      [
        'Kotlin: names of an enum by entries and map',
        kotlin(
          'val f = IntentFilter()\nThreat.entries.map { it.name }.forEach { f.addAction(it) }\nregisterReceiver(r, f)',
          '',
          'enum class Threat { RootedDevice, Other }',
        ),
      ],
      [
        'Kotlin: a field of an enum among others',
        kotlin(
          'val f = IntentFilter()\nfor (t in Threat.values()) f.addAction(t.action)\nregisterReceiver(r, f)',
          '',
          'enum class Threat(val title: String, val action: String) { ROOT("Root", "RootedDevice") }',
        ),
      ],
      [
        'Kotlin: objects',
        kotlin(
          'val f = IntentFilter()\nTHREATS.forEach { f.addAction(it.name) }\nregisterReceiver(r, f)',
          '',
          'data class Threat(val name: String, val weight: Int)\nval THREATS = listOf(Threat("RootedDevice", 3))',
        ),
      ],
      [
        'Kotlin: a constant of an object in another file',
        {
          ...kotlin('registerReceiver(r, IntentFilter(Names.ROOT))'),
          'src/main/kotlin/Names.kt': 'object Names { const val ROOT = "RootedDevice" }',
        },
      ],
      [
        'Kotlin: an import of it',
        {
          ...kotlin('registerReceiver(r, IntentFilter(ROOT))', '', 'import com.example.Names.ROOT'),
          'src/main/kotlin/Names.kt': 'package com.example\nobject Names { const val ROOT = "RootedDevice" }',
        },
      ],
      [
        'Kotlin: a constant of a Java class',
        { ...kotlin('registerReceiver(r, IntentFilter(Names.ROOT))', '', 'import com.example.Names'), ...NAMES },
      ],
      [
        'Kotlin: a named argument',
        kotlin(
          'listen(name = "RootedDevice")',
          'private fun listen(id: Int = 1, name: String) { registerReceiver(r, IntentFilter(name)) }',
        ),
      ],
      [
        'Java: on a parameter',
        java('', 'void f(Context c) { c.registerReceiver(r, new IntentFilter("RootedDevice")); }'),
      ],
      [
        'Java: in a class that extends one of the tree',
        {
          'src/main/java/A.java':
            'class A extends Base { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }',
          'src/main/java/Base.java': 'abstract class Base extends AppCompatActivity { BroadcastReceiver r = new R(); }',
        },
      ],
      [
        'Java: in an anonymous Runnable',
        java('post(new Runnable() { public void run() { registerReceiver(r, new IntentFilter("RootedDevice")); } });'),
      ],
      [
        'Java: by a getter of its own',
        {
          ...java('Holder.context().registerReceiver(r, new IntentFilter("RootedDevice"));'),
          'src/main/java/Holder.java': 'class Holder { static Context context() { return App.instance; } }',
        },
      ],
      [
        'Java: in a Fragment',
        {
          'src/main/java/A.java':
            'class A extends Fragment { void f() { requireActivity().registerReceiver(r, new IntentFilter("RootedDevice")); } }',
        },
      ],
      [
        'Kotlin: a constructor parameter, by apply',
        {
          'src/main/kotlin/A.kt':
            'class A(private val app: Application) { fun f() { app.apply { registerReceiver(r, IntentFilter("RootedDevice")) } } }',
        },
      ],
      [
        'Kotlin: an extension of Context',
        { 'src/main/kotlin/A.kt': 'fun Context.listen() { registerReceiver(r, IntentFilter("RootedDevice")) }' },
      ],
      [
        'Kotlin: a nullable parameter',
        {
          'src/main/kotlin/A.kt':
            'object A { fun f(c: Context?) { c?.registerReceiver(r, IntentFilter("RootedDevice")) } }',
        },
      ],
      ['C#: on a context', csharp('Application.Context.RegisterReceiver(new R(), new IntentFilter("RootedDevice"));')],
      [
        'C#: a list',
        csharp(
          'var f = new IntentFilter(); Names.ForEach(n => f.AddAction(n)); RegisterReceiver(r, f);',
          'static readonly List<string> Names = new() { "RootedDevice" };',
        ),
      ],
      [
        'C#: a method group',
        csharp(
          'var f = new IntentFilter(); Names.ForEach(f.AddAction); RegisterReceiver(r, f);',
          'static readonly List<string> Names = new List<string> { "RootedDevice" };',
        ),
      ],
      [
        'C#: a collection expression',
        csharp(
          'var f = new IntentFilter(); foreach (var n in Names) f.AddAction(n); RegisterReceiver(r, f);',
          'string[] Names = ["RootedDevice"];',
        ),
      ],
      [
        'C#: names of an enum',
        csharp(
          'var f = new IntentFilter(); foreach (Threat t in Enum.GetValues(typeof(Threat))) f.AddAction(t.ToString()); RegisterReceiver(r, f);',
          'enum Threat { RootedDevice }',
        ),
      ],
      [
        'C#: keys of a dictionary',
        csharp(
          'var f = new IntentFilter(); foreach (var n in D.Keys) f.AddAction(n); RegisterReceiver(r, f);',
          'Dictionary<string, int> D = new() { ["RootedDevice"] = 1 };',
        ),
      ],
    ],
    named: [
      [
        'a loop that registers some',
        java(
          'IntentFilter f = new IntentFilter(); for (String n : E) { if (wanted(n)) f.addAction(n); } registerReceiver(r, f);',
          'String[] E = {"RootedDevice"};',
        ),
      ],
      [
        'a loop that skips some',
        java(
          'IntentFilter f = new IntentFilter(); for (String n : E) { if (n.length() > 3) { continue; } f.addAction(n); } registerReceiver(r, f);',
          'String[] E = {"RootedDevice"};',
        ),
      ],
      [
        'a loop that counts to less than all',
        java(
          'IntentFilter f = new IntentFilter(); for (int i = 1; i < E.length; i++) f.addAction(E[i]); registerReceiver(r, f);',
          'String[] E = {"RootedDevice", "B"};',
        ),
      ],
      [
        'a loop that counts to a number',
        java(
          'IntentFilter f = new IntentFilter(); for (int i = 0; i < 1; i++) f.addAction(E[i]); registerReceiver(r, f);',
          'String[] E = {"B", "RootedDevice"};',
        ),
      ],
      [
        'a switch over the name',
        java(
          'IntentFilter f = new IntentFilter(); for (String n : E) { switch (n) { case "B": f.addAction(n); } } registerReceiver(r, f);',
          'String[] E = {"RootedDevice"};',
        ),
      ],
      [
        'Kotlin: a lambda that leaves early',
        kotlin(
          'val f = IntentFilter()\nE.forEach { if (it.isEmpty()) return@forEach\nf.addAction(it) }\nregisterReceiver(r, f)',
          '',
          'val E = listOf("RootedDevice")',
        ),
      ],
      [
        'a method of its own that leaves early',
        java(
          'listen("RootedDevice");',
          'private void listen(String name) { if (!wanted(name)) return; registerReceiver(r, new IntentFilter(name)); }',
        ),
      ],
      [
        'a list that loses elements',
        kotlin(
          'E.removeAt(0)\nval f = IntentFilter()\nE.forEach { f.addAction(it) }\nregisterReceiver(r, f)',
          '',
          'val E = mutableListOf("RootedDevice")',
        ),
      ],
      [
        'an array whose elements are replaced',
        java(
          'E[0] = "B"; for (String n : E) registerReceiver(r, new IntentFilter(n));',
          'String[] E = {"RootedDevice"};',
        ),
      ],
      [
        'a getter that returns something else',
        {
          ...java('for (Threat t : Threat.values()) registerReceiver(r, new IntentFilter(t.getTitle()));'),
          'src/main/java/Threat.java':
            'enum Threat { ROOT("RootedDevice"); final String action; Threat(String action) { this.action = action; } String getTitle() { return prefix + action; } }',
        },
      ],
      [
        'an IntentFilter of its own',
        {
          ...java('registerReceiver(r, new IntentFilter("RootedDevice"));'),
          'src/main/java/IntentFilter.java': 'class IntentFilter { IntentFilter(String name) {} }',
        },
      ],
      [
        'a registerReceiver of its own that does nothing',
        java(
          'registerReceiver(r, new IntentFilter("RootedDevice"));',
          'void registerReceiver(Object r, IntentFilter f) { }',
        ),
      ],
      ['a filter that is never registered', java('IntentFilter f = new IntentFilter(); f.addAction("RootedDevice");')],
      [
        'a filter that another receiver does not get',
        java(
          'IntentFilter f = new IntentFilter("RootedDevice"); IntentFilter g = new IntentFilter("B"); registerReceiver(r, g);',
        ),
      ],
      ['no receiver', java('registerReceiver(null, new IntentFilter("RootedDevice"));')],
      [
        'LocalBroadcastManager',
        java('LocalBroadcastManager.getInstance(this).registerReceiver(r, new IntentFilter("RootedDevice"));'),
      ],
      [
        'LocalBroadcastManager in a variable',
        java(
          'LocalBroadcastManager m = LocalBroadcastManager.getInstance(this); m.registerReceiver(r, new IntentFilter("RootedDevice"));',
        ),
      ],
      [
        'LocalBroadcastManager by its whole name',
        java(
          'androidx.localbroadcastmanager.content.LocalBroadcastManager.getInstance(this).registerReceiver(r, new IntentFilter("RootedDevice"));',
        ),
      ],
      [
        'LocalBroadcastManager by a getter',
        java(
          'lbm().registerReceiver(r, new IntentFilter("RootedDevice"));',
          'LocalBroadcastManager lbm() { return LocalBroadcastManager.getInstance(this); }',
        ),
      ],
      [
        'something of a holder',
        {
          ...java('Holder h = new Holder(); h.lbm.registerReceiver(r, new IntentFilter("RootedDevice"));'),
          'src/main/java/Holder.java': 'class Holder { LocalBroadcastManager lbm; }',
        },
      ],
      [
        'a variable of no known type',
        java('var m = Other.get(); m.registerReceiver(r, new IntentFilter("RootedDevice"));'),
      ],
      [
        'a class that extends something unknown',
        {
          'src/main/java/A.java':
            'class A extends Bus { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }',
        },
      ],
      [
        'a class that extends nothing',
        { 'src/main/java/A.java': 'class A { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }' },
      ],
      [
        'an anonymous class',
        java('new Bus() { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } };'),
      ],
      [
        'a class above it that overrides registerReceiver',
        {
          'src/main/java/A.java':
            'class A extends Base { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }',
          'src/main/java/Base.java':
            'class Base extends Application { public Intent registerReceiver(BroadcastReceiver r, IntentFilter f) { return null; } }',
        },
      ],
      [
        'a Context of a library',
        {
          'src/main/java/A.java':
            'import com.acme.Context; class A { void f(Context c) { c.registerReceiver(r, new IntentFilter("RootedDevice")); } }',
        },
      ],
      [
        'an IntentFilter of a library',
        {
          'src/main/java/A.java':
            'import com.acme.IntentFilter; class A extends Application { void f() { registerReceiver(r, new IntentFilter("RootedDevice")); } }',
        },
      ],
      ...[
        'with(M) { X }',
        'M.apply { X }',
        'M.run { X }',
        'M.let { it.X }',
        'M.also { m -> m.X }',
        'unknown { X }',
      ].map((body): [string, Record<string, string>] => [
        `Kotlin: ${body}`,
        kotlin(
          body
            .replace('M', 'LocalBroadcastManager.getInstance(this)')
            .replace('X', 'registerReceiver(r, IntentFilter("RootedDevice"))'),
        ),
      ]),
      ...[
        'import androidx.localbroadcastmanager.content.LocalBroadcastManager as LBM',
        'typealias LBM = LocalBroadcastManager',
      ].map((top): [string, Record<string, string>] => [
        `Kotlin: ${top}`,
        kotlin('LBM.getInstance(this).registerReceiver(r, IntentFilter("RootedDevice"))', '', top),
      ]),
      [
        'Kotlin: a property that may be null',
        kotlin('m?.registerReceiver(r, IntentFilter("RootedDevice"))', 'var m: LocalBroadcastManager? = null'),
      ],
      [
        'Kotlin: an extension property',
        kotlin(
          'applicationContext.lbm.registerReceiver(r, IntentFilter("RootedDevice"))',
          '',
          'val Context.lbm get() = LocalBroadcastManager.getInstance(this)',
        ),
      ],
      [
        'C#: LocalBroadcastManager by an alias',
        {
          ...csharp('LBM.GetInstance(this).RegisterReceiver(r, new IntentFilter("RootedDevice"));'),
          'G.cs': 'global using LBM = AndroidX.LocalBroadcastManager.Content.LocalBroadcastManager;',
        },
      ],
      ...[
        'BroadcastReceiver n = null; registerReceiver(n, F);',
        'registerReceiver((BroadcastReceiver) null, F);',
        'registerReceiver(never, F);',
        'registerReceiver(none(), F);',
      ].map((body): [string, Record<string, string>] => [
        `Java: ${body}`,
        java(
          body.replace('F', 'new IntentFilter("RootedDevice")'),
          'BroadcastReceiver never; BroadcastReceiver none() { return null; }',
        ),
      ]),
      [
        'Kotlin: no receiver',
        kotlin('val n: BroadcastReceiver? = null\nregisterReceiver(n, IntentFilter("RootedDevice"))'),
      ],
      ['C#: default', csharp('RegisterReceiver(default, new IntentFilter("RootedDevice"));')],
      [
        'Java: a method that gets no receiver',
        java(
          'listen(null);',
          'void listen(BroadcastReceiver b) { registerReceiver(b, new IntentFilter("RootedDevice")); }',
        ),
      ],
      ...[
        'IntentFilter f = new IntentFilter(); registerReceiver(r, f); f.addAction("RootedDevice");',
        'registerReceiver(r, new IntentFilter("RootedDevice", "text/plain"));',
        'IntentFilter f = new IntentFilter("RootedDevice"); f.addDataScheme("package"); registerReceiver(r, f);',
        'IntentFilter f = new IntentFilter("RootedDevice"); f.addCategory("x"); registerReceiver(r, f);',
        'IntentFilter f = new IntentFilter(); fill(f); registerReceiver(r, f);',
        'registerReceiver(r, filter);',
      ].map((body): [string, Record<string, string>] => [
        `Java: ${body}`,
        java(
          body,
          'IntentFilter filter = new IntentFilter(); void never() { filter.addAction("RootedDevice"); } void fill(IntentFilter x) { x.addAction("RootedDevice"); }',
        ),
      ]),
      [
        'Kotlin: a filter that apply narrows',
        kotlin('registerReceiver(r, IntentFilter("RootedDevice").apply { addDataScheme("package") })'),
      ],
      [
        'a class of a library that has the name of one of the tree',
        {
          'src/main/java/A.java':
            'import com.acme.Names; class A extends Application { void f() { registerReceiver(r, new IntentFilter(Names.ROOT)); } }',
          ...NAMES,
        },
      ],
      [
        'a static import from elsewhere',
        {
          'src/main/java/A.java':
            'import static com.acme.Names.ROOT; class A extends Application { void f() { registerReceiver(r, new IntentFilter(ROOT)); } }',
          ...NAMES,
        },
      ],
      [
        'Kotlin: an import from elsewhere',
        { ...kotlin('registerReceiver(r, IntentFilter(ROOT))', '', 'import com.acme.Names.ROOT'), ...NAMES },
      ],
      ['one of two values', java('registerReceiver(r, new IntentFilter(x ? "RootedDevice" : "B"));')],
      [
        'a variable that is set again',
        java('String n = "RootedDevice"; n = other(); registerReceiver(r, new IntentFilter(n));'),
      ],
      ['a part of the name', java('registerReceiver(r, new IntentFilter("com.example." + "RootedDevice"));')],
      ['a longer text', java('registerReceiver(r, new IntentFilter("com.example.RootedDevice"));')],
      [
        'a data scheme, not an action',
        java('IntentFilter f = new IntentFilter(); f.addCategory("RootedDevice"); registerReceiver(r, f);'),
      ],
      [
        'a list that is filtered',
        kotlin(
          'val f = IntentFilter()\nEVENTS.filter { wanted(it) }.forEach { f.addAction(it) }\nregisterReceiver(r, f)',
          '',
          'val EVENTS = listOf("RootedDevice")',
        ),
      ],
      [
        'only the first of a list',
        kotlin('registerReceiver(r, IntentFilter(EVENTS[0]))', '', 'val EVENTS = listOf("B", "RootedDevice")'),
      ],
      [
        'an index that no loop counts',
        java('registerReceiver(r, new IntentFilter(E[i]));', 'int i; String[] E = {"RootedDevice"};'),
      ],
      [
        'another method of that name',
        {
          ...java(
            'other.listen("RootedDevice");',
            'private void listen(String name) { registerReceiver(r, new IntentFilter(name)); }',
          ),
        },
      ],
      [
        'two methods of that name',
        java(
          'listen("RootedDevice");',
          'void listen(String name) { registerReceiver(r, new IntentFilter(name)); } void listen(String name, int x) { }',
        ),
      ],
      [
        'two constants of that name',
        {
          ...java('registerReceiver(r, new IntentFilter(Names.ROOT));'),
          ...NAMES,
          'src/main/java/b/Names.java': 'package com.example; class Names { static final String ROOT = "B"; }',
        },
      ],
      [
        'a local name hides the constant',
        { ...java('String ROOT = read(); registerReceiver(r, new IntentFilter(ROOT));'), ...NAMES },
      ],
      [
        'a parameter hides the constant',
        {
          'src/main/java/A.java':
            'import static com.example.Names.ROOT; class A { void f(String ROOT) { registerReceiver(r, new IntentFilter(ROOT)); } }',
          ...NAMES,
        },
      ],
      [
        'a constant that is not imported',
        { 'src/main/java/A.java': 'class A { void f() { registerReceiver(r, new IntentFilter(ROOT)); } }', ...NAMES },
      ],
      [
        'the title of an enum, not its action',
        kotlin(
          'val f = IntentFilter()\nfor (t in Threat.values()) f.addAction(t.action)\nregisterReceiver(r, f)',
          '',
          'enum class Threat(val title: String, val action: String) { ROOT("RootedDevice", "Root") }',
        ),
      ],
      [
        'a receiver that only compares',
        java('registerReceiver(r, new IntentFilter("B")); if ("RootedDevice".equals(x)) stop();'),
      ],
      [
        'an annotation',
        {
          'src/main/java/A.java':
            '@Named("RootedDevice") class A { void f() { registerReceiver(r, new IntentFilter("B")); } }',
        },
      ],
    ],
  };
  it.each(cases[outcome] ?? [])('%s', async (_title, files) => {
    expect(await outcomesOf(files)).toEqual({ RootedDevice: outcome });
  });
});

describe('a name means a type that the file can see', () => {
  const CSHARP = 'class A : Application { void F(R r) { RegisterReceiver(r, new IntentFilter(K.Root)); } }';
  const JAVA =
    'class A extends Application { void f(BroadcastReceiver r) { registerReceiver(r, new IntentFilter(K.ROOT), 2); } }';
  const K = 'public class K { public const string Root = "RootedDevice"; }';
  it.each([
    [`namespace App; ${CSHARP}`, 'named'],
    [`using Acme.Sdk;\nnamespace App; ${CSHARP}`, 'named'],
    [`using Lib.Names;\nnamespace App; ${CSHARP}`, 'registered'],
    [`namespace Lib.Names; ${CSHARP}`, 'registered'],
    [`namespace Lib.Names { namespace Inner { ${CSHARP} } }`, 'registered'],
    [`namespace App; ${CSHARP.replace('K.Root', 'Lib.Names.K.Root')}`, 'registered'],
  ])('C#: %s', async (text, outcome) =>
    expect(await outcomesOf({ 'A.cs': text, 'K.cs': `namespace Lib.Names { ${K} }` })).toEqual({
      RootedDevice: outcome,
    }),
  );
  it('C#: by a global using', async () => {
    const files = { 'A.cs': `namespace App; ${CSHARP}`, 'K.cs': `namespace Lib { ${K} }` };
    expect(await outcomesOf({ ...files, 'G.cs': 'global using Lib;' })).toEqual({
      RootedDevice: 'registered',
    });
  });
  it.each([
    [`package com.example; ${JAVA}`, 'named'],
    [`package com.example; import android.content.*; import com.acme.*; ${JAVA}`, 'named'],
    [`package com.example; import android.content.*; import com.example.lib.*; ${JAVA}`, 'registered'],
    [`package com.example; import com.example.lib.K; ${JAVA}`, 'registered'],
    [`package com.example.lib; ${JAVA}`, 'registered'],
  ])('Java: %s', async (text, outcome) =>
    expect(
      await outcomesOf({
        'A.java': text,
        'K.java': 'package com.example.lib; public class K { public static final String ROOT = "RootedDevice"; }',
      }),
    ).toEqual({ RootedDevice: outcome }),
  );
});
