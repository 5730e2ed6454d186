import { ABOUT_EMPTY, ABOUT_VALUES, aboutFile, prefixed } from '../comments.ts';
import { LANGUAGES } from '../languages.ts';
import { eventList, fieldList, isNumber } from '../lists.ts';
import type { CodeOrder, WrittenFile } from '../order.ts';

export function flutterCode(order: CodeOrder): WrittenFile[] {
  const text = `import 'package:flutter/foundation.dart';
import 'package:flutter/services.dart';

${prefixed('// ', aboutFile('flutter', LANGUAGES.flutter.call))}
//
//     listenToThreatEvents((event) { ... });

const List<String> _names = [
${eventList(order, { indent: '  ', quote: "'", manyPlatforms: true })},
];

/// Starts to listen. Call it once: each call adds a handler.
void listenToThreatEvents(void Function(ThreatEvent event) handler) {
  for (final name in _names) {
    EventChannel(name).receiveBroadcastStream().listen(
      (dynamic event) => handler(ThreatEvent._(name, _valuesOf(event))),
      onError: (Object error) => debugPrint('Threat-Event $name: $error'),
    );
  }
}

Map<String, String> _valuesOf(dynamic event) {
  final values = <String, String>{};
  if (event is Map) {
    event.forEach((dynamic key, dynamic value) {
      final text = value == null ? '' : value.toString();
      if (text.isNotEmpty) values[key.toString()] = text;
    });
  }
  return values;
}

/// A threat, with what Appdome says about it.
class ThreatEvent {
  ThreatEvent._(this.name, this.values);

  /// The name of the event, as in the list above.
  final String name;

  /// ${ABOUT_VALUES}
  final Map<String, String> values;

${prefixed('  /// ', ABOUT_EMPTY)}
  bool get isEmpty => values.isEmpty;

${fieldList(
  order,
  (field) => {
    const value = `values['${field.key}']`;
    return isNumber(field) ? `double? get ${field.key} => _number(${value});` : `String? get ${field.key} => ${value};`;
  },
  { indent: '  ', comment: '/// TEXT' },
)}

  static double? _number(String? text) {
    final number = double.tryParse(text ?? '');
    return number != null && number.isFinite ? number : null;
  }
}
`;
  return [{ name: 'threat_events.dart', text }];
}
