/** React Native and Cordova: the same event, from two different modules. */
import { ABOUT_EMPTY, ABOUT_VALUES, aboutFile, prefixed } from '../comments.ts';
import { LANGUAGES } from '../languages.ts';
import { aboutField, eventList, isNumber } from '../lists.ts';
import type { CodeOrder, WrittenFile } from '../order.ts';

export function reactNativeCode(order: CodeOrder): WrittenFile[] {
  const text = `import { NativeEventEmitter, NativeModules } from 'react-native';

${prefixed('// ', aboutFile('react-native', LANGUAGES['react-native'].call))}
//
//     listenToThreatEvents((event) => { ... });

const NAMES = [
${eventList(order, { indent: '  ', quote: "'", manyPlatforms: true })},
];

${typedef(order)}

/**
 * Starts to listen. Call it once: each call adds a handler.
 * @param {(event: ThreatEvent) => void} handler decides what the app does about an event
 * @returns {boolean} false if the app cannot listen: only an app that Appdome has protected has the native module
 */
export function listenToThreatEvents(handler) {
  const { ADDevEvents } = NativeModules;
  if (!ADDevEvents) return false;
  const emitter = new NativeEventEmitter(ADDevEvents);
  NAMES.forEach((name) => {
    emitter.addListener(name, (userInfo) => handler(toThreatEvent(name, userInfo)));
    ADDevEvents.registerForDevEvent(name);
  });
  return true;
}

${functions(order)}`;
  return [{ name: 'threatEvents.js', text }];
}

/** In the JavaScript of the oldest web views. */
export function cordovaCode(order: CodeOrder): WrittenFile[] {
  const text = `${prefixed('// ', aboutFile('cordova', LANGUAGES.cordova.call))}
//
//     listenToThreatEvents(function (event) { ... });

var THREAT_EVENT_NAMES = [
${eventList(order, { indent: '  ', quote: "'", manyPlatforms: true })}
];

${typedef(order)}

/**
 * Starts to listen. Call it once: each call adds a handler.
 * @param {(event: ThreatEvent) => void} handler decides what the app does about an event
 * @returns {boolean} false if the app cannot listen, because there is no window.broadcaster (yet)
 */
function listenToThreatEvents(handler) {
  if (!window.broadcaster) return false;
  THREAT_EVENT_NAMES.forEach(function (name) {
    window.broadcaster.addEventListener(name, function (userInfo) {
      handler(toThreatEvent(name, userInfo));
    });
  });
  return true;
}

${functions(order)}`;
  return [{ name: 'threat-events.js', text }];
}

function typedef(order: CodeOrder): string {
  const properties = order.fields.map((field) => {
    const about = aboutField(field);
    return ` * @property {${isNumber(field) ? 'number' : 'string'}} [${field.key}]${about === '' ? '' : ` ${about}`}`;
  });
  return `/**
 * A threat, with what Appdome says about it.
 *
 * @typedef {object} ThreatEvent
 * @property {string} name The name of the event, as in the list above.
 * @property {boolean} isEmpty ${ABOUT_EMPTY.join('\n *   ')}
 * @property {Record<string, string>} values ${ABOUT_VALUES}
${properties.join('\n')}
 */`;
}

function functions({ fields }: CodeOrder): string {
  const values = fields.map((field) => {
    const value = `values.${field.key}`;
    return `    ${field.key}: ${isNumber(field) ? `toNumber(${value})` : value},`;
  });
  return `/** @param {string} name @param {unknown} userInfo @returns {ThreatEvent} */
function toThreatEvent(name, userInfo) {
  var values = {};
  Object.keys(Object(userInfo)).forEach(function (key) {
    var value = userInfo[key];
    if (typeof value === 'number' || typeof value === 'boolean') value = String(value);
    if (typeof value === 'string' && value !== '') values[key] = value;
  });
  return {
    name: name,
    isEmpty: Object.keys(values).length === 0,
    values: values,
${values.join('\n')}
  };
}

/** @param {string | undefined} text @returns {number | undefined} */
function toNumber(text) {
  var number = text === undefined || text.trim() === '' ? NaN : Number(text);
  return isFinite(number) ? number : undefined;
}
`;
}
