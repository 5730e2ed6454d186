/**
 * Just enough of Android and iOS for listener code to run on a desktop, and a program that sends it events. Every program prints the same
 * lines, so that the languages can be held to one expectation.
 */

/** Both platforms send them. */
export const EVENTS = ['AppIntegrityError', 'AppIsDebuggable'];

/** What every program prints after what it says of the registration. */
export const EXPECTED = [
  'AppIntegrityError empty=True message= code= score= total= new=',
  'AppIntegrityError empty=True message= code= score= total= new=',
  'AppIsDebuggable empty=False message=Found code=6702 score=12.5 total= new=x',
];

const PACKAGE = 'com.example.app';

export const JAVA_STAND_INS: Record<string, string> = {
  'android/annotation/SuppressLint.java': `package android.annotation;
public @interface SuppressLint { String[] value(); }
`,
  'android/os/Build.java': `package android.os;
public class Build {
  public static class VERSION { public static int SDK_INT; }
  public static class VERSION_CODES { public static final int TIRAMISU = 33; }
}
`,
  'android/os/Bundle.java': `package android.os;
public class Bundle {
  public final java.util.Map<String, Object> map = new java.util.LinkedHashMap<>();
  public java.util.Set<String> keySet() {
    if (map.containsKey("broken")) throw new IllegalStateException("cannot be read");
    return map.keySet();
  }
  public Object get(String key) { return map.get(key); }
}
`,
  'android/content/Intent.java': `package android.content;
public class Intent {
  private final String action;
  private final android.os.Bundle extras;
  public Intent(String action, android.os.Bundle extras) { this.action = action; this.extras = extras; }
  public String getAction() { return action; }
  public android.os.Bundle getExtras() { return extras; }
}
`,
  'android/content/IntentFilter.java': `package android.content;
public class IntentFilter {
  public final java.util.List<String> actions = new java.util.ArrayList<>();
  public void addAction(String action) { actions.add(action); }
}
`,
  'android/content/BroadcastReceiver.java': `package android.content;
public abstract class BroadcastReceiver { public abstract void onReceive(Context context, Intent intent); }
`,
  'android/content/Context.java': `package android.content;
public class Context {
  public static final int RECEIVER_NOT_EXPORTED = 4;
  private BroadcastReceiver receiver;
  public Context getApplicationContext() { return this; }
  public Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter) {
    return register(receiver, "none", filter);
  }
  public Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter, int flags) {
    return register(receiver, String.valueOf(flags), filter);
  }
  private Intent register(BroadcastReceiver receiver, String flags, IntentFilter filter) {
    System.out.println("flags=" + flags + " " + String.join(",", filter.actions));
    this.receiver = receiver;
    return null;
  }
  public void send(String name, Object... pairs) {
    android.os.Bundle extras = pairs.length == 0 ? null : new android.os.Bundle();
    for (int i = 0; i + 1 < pairs.length; i += 2) extras.map.put((String) pairs[i], pairs[i + 1]);
    receiver.onReceive(this, new Intent(name, extras));
  }
  public void sendAll() {
    send("AppIntegrityError");
    send("AppIntegrityError", "broken", "x", "message", "");
    send("AppIsDebuggable", "message", "Found", "reasonCode", 6702, "currentThreatEventScore", " 12.5 ",
        "threatEventsScore", "high", "somethingNew", "x", "osVersion", null);
  }
  public static void show(String name, boolean empty, Object... values) {
    String[] titles = { "message", "code", "score", "total", "new" };
    StringBuilder line = new StringBuilder(name + " empty=" + (empty ? "True" : "False"));
    for (int i = 0; i < titles.length; i++) line.append(" " + titles[i] + "=" + (values[i] == null ? "" : values[i]));
    System.out.println(line);
  }
}
`,
};

export const JAVA_PROGRAM = `package ${PACKAGE};
import android.content.Context;
public class Program {
  public static void main(String[] words) {
    android.os.Build.VERSION.SDK_INT = Integer.parseInt(words[0]);
    Context context = new Context();
    ThreatEvents.listen(context, event -> System.out.println("the handler that was replaced"));
    ThreatEvents.listen(context, event -> Context.show(event.name, event.isEmpty(), event.message, event.reasonCode,
        event.currentThreatEventScore, event.threatEventsScore, event.values.get("somethingNew")));
    context.sendAll();
  }
}
`;

export const KOTLIN_PROGRAM = `package ${PACKAGE}
import android.content.Context
object Program {
    @JvmStatic
    fun main(words: Array<String>) {
        android.os.Build.VERSION.SDK_INT = words[0].toInt()
        val context = Context()
        ThreatEvents.listen(context) { println("the handler that was replaced") }
        ThreatEvents.listen(context) { event ->
            Context.show(event.name, event.isEmpty, event.message, event.reasonCode, event.currentThreatEventScore,
                event.threatEventsScore, event.values["somethingNew"])
        }
        context.sendAll()
    }
}
`;

const CSHARP_PROGRAM = `
public static class Show
{
    public static void Event(${PACKAGE}.ThreatEvent threat)
    {
        string fresh;
        threat.Values.TryGetValue("somethingNew", out fresh);
        System.Console.WriteLine(System.FormattableString.Invariant(
            $"{threat.Name} empty={threat.IsEmpty} message={threat.Message} code={threat.ReasonCode} score={threat.CurrentThreatEventScore} total={threat.ThreatEventsScore} new={fresh}"));
    }
}
public static class Program
{
    public static void Main(string[] words)
    {
        Device.Start(words[0]);
        ${PACKAGE}.ThreatEvents.Listen(threat => System.Console.WriteLine("the handler that was replaced"));
        ${PACKAGE}.ThreatEvents.Listen(Show.Event);
        Device.Send("AppIntegrityError");
        Device.Send("AppIntegrityError", "broken", "x", "message", "");
        Device.Send("AppIsDebuggable", "message", "Found", "reasonCode", 6702, "currentThreatEventScore", " 12.5 ",
            "threatEventsScore", "high", "somethingNew", "x", "osVersion", null);
    }
}
`;

export const CSHARP_ANDROID = `using System;
using System.Collections.Generic;
using System.Linq;
namespace Android.OS
{
    public enum BuildVersionCodes { Base = 1 }
    public static class Build { public static class VERSION { public static BuildVersionCodes SdkInt; } }
    public class Bundle
    {
        public readonly Dictionary<string, object> Map = new Dictionary<string, object>();
        public ICollection<string> KeySet()
        {
            if (Map.ContainsKey("broken")) throw new InvalidOperationException();
            return Map.Keys;
        }
        public object Get(string key) { return Map[key]; }
    }
}
namespace Android.Content
{
    public enum ReceiverFlags { NotExported = 4 }
    public class Intent { public string Action; public Android.OS.Bundle Extras; }
    public class IntentFilter
    {
        public readonly List<string> Actions = new List<string>();
        public void AddAction(string action) { Actions.Add(action); }
    }
    public abstract class BroadcastReceiver { public abstract void OnReceive(Context context, Intent intent); }
    public class Context
    {
        public BroadcastReceiver Receiver;
        public Intent RegisterReceiver(BroadcastReceiver receiver, IntentFilter filter) { return Register(receiver, "none", filter); }
        public Intent RegisterReceiver(BroadcastReceiver receiver, IntentFilter filter, ReceiverFlags flags)
        {
            return Register(receiver, ((int)flags).ToString(), filter);
        }
        private Intent Register(BroadcastReceiver receiver, string flags, IntentFilter filter)
        {
            Console.WriteLine("flags=" + flags + " " + string.Join(",", filter.Actions));
            Receiver = receiver;
            return null;
        }
    }
}
namespace Android.App
{
    public class Application : Android.Content.Context
    {
        public static readonly Android.Content.Context Context = new Android.Content.Context();
    }
}
public static class Device
{
    public static void Start(string sdk) { Android.OS.Build.VERSION.SdkInt = (Android.OS.BuildVersionCodes)int.Parse(sdk); }
    public static void Send(string name, params object[] pairs)
    {
        var extras = pairs.Length == 0 ? null : new Android.OS.Bundle();
        for (var i = 0; i + 1 < pairs.Length; i += 2) extras.Map[(string)pairs[i]] = pairs[i + 1];
        var intent = new Android.Content.Intent { Action = name, Extras = extras };
        Android.App.Application.Context.Receiver.OnReceive(null, intent);
    }
}
${CSHARP_PROGRAM}`;

export const CSHARP_IOS = `using System;
using System.Collections.Generic;
using System.Linq;
namespace Foundation
{
    public class NSObject { }
    public class NSString : NSObject
    {
        private readonly string text;
        public NSString(string text) { this.text = text; }
        public static explicit operator NSString(string text) { return new NSString(text); }
        public override string ToString() { return text; }
    }
    public class NSDictionary : NSObject
    {
        public readonly List<KeyValuePair<NSObject, NSObject>> Pairs = new List<KeyValuePair<NSObject, NSObject>>();
        public NSObject[] Keys { get { return Pairs.Select(pair => pair.Key).ToArray(); } }
        public NSObject ObjectForKey(NSObject key) { return Pairs.First(pair => pair.Key == key).Value; }
    }
    public class NSNotification { public NSDictionary UserInfo; }
    public class NSOperationQueue { public static readonly NSOperationQueue MainQueue = new NSOperationQueue(); }
    public class NSNotificationCenter
    {
        public static readonly NSNotificationCenter DefaultCenter = new NSNotificationCenter();
        public readonly Dictionary<string, Action<NSNotification>> Observers = new Dictionary<string, Action<NSNotification>>();
        public NSObject AddObserver(NSString name, NSObject sender, NSOperationQueue queue, Action<NSNotification> handler)
        {
            if (queue != NSOperationQueue.MainQueue) throw new InvalidOperationException("not the main queue");
            Observers.Add(name.ToString(), handler);
            return new NSObject();
        }
    }
}
public static class Device
{
    public static void Start(string word) { }
    public static void Send(string name, params object[] pairs)
    {
        var center = Foundation.NSNotificationCenter.DefaultCenter;
        var info = pairs.Length == 0 ? null : new Foundation.NSDictionary();
        for (var i = 0; i + 1 < pairs.Length; i += 2)
        {
            if ((string)pairs[i] == "broken") continue;
            var value = pairs[i + 1] == null ? null : new Foundation.NSString(pairs[i + 1].ToString());
            info.Pairs.Add(new KeyValuePair<Foundation.NSObject, Foundation.NSObject>(new Foundation.NSString((string)pairs[i]), value));
        }
        center.Observers[name](new Foundation.NSNotification { UserInfo = info });
    }
}
${CSHARP_PROGRAM}`;
