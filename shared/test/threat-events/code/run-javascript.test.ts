/** The written JavaScript runs against stand-ins for the modules that it listens to. */
import { runInNewContext } from 'node:vm';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { codeOf } from './every-event.ts';

type Listener = (userInfo: unknown) => void;
type Event = Record<string, unknown> & { name: string; isEmpty: boolean; values: Record<string, string> };

const ORDER = {
  events: [
    { name: 'RootedDevice', protections: [] },
    { name: 'FridaDetected', protections: [] },
  ],
};

interface App {
  listen: (handler: (event: Event) => void) => boolean;
  /** What was done to the module, in order. */
  calls: string[];
  send: (name: string, userInfo: unknown) => void;
}

function module_() {
  const calls: string[] = [];
  const listeners = new Map<string, Listener>();
  const listen = (name: string, listener: Listener) => {
    calls.push(`listen ${name}`);
    listeners.set(name, listener);
  };
  return { calls, listen, send: (name: string, userInfo: unknown) => listeners.get(name)?.(userInfo) };
}

function reactNative({ isProtected = true } = {}): App {
  const { calls, listen, send } = module_();
  const ADDevEvents = {
    registerForDevEvent: (name: string) => {
      calls.push(`register ${name}`);
      // An event is sent at once, with nothing in it.
      send(name, {});
    },
  };
  const native = {
    NativeModules: isProtected ? { ADDevEvents } : {},
    NativeEventEmitter: class {
      constructor(given: unknown) {
        if (given !== ADDevEvents) throw new Error('not the native module');
      }
      addListener = listen;
    },
  };
  const { code } = transformSync(codeOf('react-native', ORDER)[0]?.text ?? '', { format: 'cjs' });
  const module = { exports: {} as { listenToThreatEvents: App['listen'] } };
  runInNewContext(code, { module, exports: module.exports, require: () => native });
  return { listen: module.exports.listenToThreatEvents, calls, send };
}

function cordova({ isProtected = true } = {}): App {
  const { calls, listen, send } = module_();
  const window = isProtected ? { broadcaster: { addEventListener: listen } } : {};
  const context = { window } as { window: object; listenToThreatEvents: App['listen'] };
  runInNewContext(codeOf('cordova', ORDER)[0]?.text ?? '', context);
  return { listen: context.listenToThreatEvents, calls, send };
}

describe.each([
  ['React Native', reactNative],
  ['Cordova', cordova],
])('%s', (_, start) => {
  function received(userInfo: unknown): Event {
    const app = start();
    const events: Event[] = [];
    app.listen((event) => events.push(event));
    events.length = 0;
    app.send('RootedDevice', userInfo);
    expect(events).toHaveLength(1);
    return JSON.parse(JSON.stringify(events[0])) as Event;
  }

  it('hands each event to the one handler', () => {
    const app = start();
    const names: string[] = [];
    expect(app.listen(({ name }) => names.push(name))).toBe(true);
    names.length = 0;
    for (const name of ['FridaDetected', 'RootedDevice', 'EmulatorFound']) app.send(name, {});
    expect(names).toEqual(['FridaDetected', 'RootedDevice']);
  });

  it.each([[{}], [null], [undefined], ['text'], [7], [{ message: '', reasonCode: null, nested: { a: 1 } }]])(
    'bears an event without content: %j',
    (userInfo) => {
      const event = received(userInfo);
      expect(event).toMatchObject({ name: 'RootedDevice', isEmpty: typeof userInfo !== 'string' });
      expect(event.message).toBeUndefined();
      expect(event.currentThreatEventScore).toBeUndefined();
    },
  );

  it('gives the fields as text, the scores as numbers, and keeps what it does not know', () => {
    const sent = { message: 'Rooted', reasonCode: 6702, currentThreatEventScore: ' 12.5 ', threatEventsScore: 40 };
    const event = received({ ...sent, somethingNew: 'x' });
    expect(event).toMatchObject({
      isEmpty: false,
      message: 'Rooted',
      reasonCode: '6702',
      currentThreatEventScore: 12.5,
      threatEventsScore: 40,
      values: { somethingNew: 'x' },
    });
  });

  it.each(['', ' ', 'high', 'NaN', 'Infinity', '12,5'])('a score of %j is no number', (score) => {
    expect(received({ message: 'x', threatEventsScore: score }).threatEventsScore).toBeUndefined();
  });

  it('says so where the app cannot listen', () => {
    const app = start({ isProtected: false });
    expect(app.listen(() => {})).toBe(false);
    expect(app.calls).toEqual([]);
  });
});

it('React Native listens before it registers, because an event may come at once', () => {
  const app = reactNative();
  const events: Event[] = [];
  app.listen((event) => events.push(event));
  expect(app.calls).toEqual([
    'listen RootedDevice',
    'register RootedDevice',
    'listen FridaDetected',
    'register FridaDetected',
  ]);
  expect(events.map(({ name, isEmpty }) => [name, isEmpty])).toEqual([
    ['RootedDevice', true],
    ['FridaDetected', true],
  ]);
});
