import { ABOUT_EMPTY, ABOUT_VALUES, aboutFile, prefixed } from '../comments.ts';
import { LANGUAGES } from '../languages.ts';
import { eventList, fieldList, isNumber, withoutAndroidOnly } from '../lists.ts';
import { eventTypeOf } from '../names.ts';
import type { CodeOrder, WrittenFile } from '../order.ts';

export function swiftCode(given: CodeOrder): WrittenFile[] {
  const order = withoutAndroidOnly(given);
  const { className } = order;
  const type = eventTypeOf(className);
  const text = `import Foundation

${prefixed('/// ', aboutFile('swift', LANGUAGES.swift.call))}
///
///     ${className}.listen { event in ... }
enum ${className} {
    private static let names: [String] = [
${eventList(order, { indent: '        ', quote: '"' })}
    ]

    /// Starts to listen, until the process ends. Call it once: each call adds a handler. It is called on the main thread.
    static func listen(_ handler: @escaping @MainActor (${type}) -> Void) {
        for name in names {
            NotificationCenter.default.addObserver(
                forName: Notification.Name(name), object: nil, queue: .main
            ) { note in
                let event = ${type}(name: name, userInfo: note.userInfo)
                MainActor.assumeIsolated { handler(event) }
            }
        }
    }
}

/// A threat, with what Appdome says about it.
struct ${type}: Sendable {
    /// The name of the event, as in the list above.
    let name: String
    /// ${ABOUT_VALUES}
    let values: [String: String]

${fieldList(
  order,
  (field) => {
    const value = `values["${field.key}"]`;
    return isNumber(field)
      ? `var ${field.key}: Double? { number(${value}) }`
      : `var ${field.key}: String? { ${value} }`;
  },
  { indent: '    ', comment: '/// TEXT' },
)}

${prefixed('    /// ', ABOUT_EMPTY)}
    var isEmpty: Bool { values.isEmpty }

    init(name: String, userInfo: [AnyHashable: Any]?) {
        var values: [String: String] = [:]
        for (key, value) in userInfo ?? [:] {
            let text = (value as? String) ?? (value as? NSNumber)?.stringValue ?? ""
            if let key = key as? String, !text.isEmpty { values[key] = text }
        }
        self.name = name
        self.values = values
    }

    private func number(_ text: String?) -> Double? {
        guard let text = text, let number = Double(text.trimmingCharacters(in: .whitespaces)) else { return nil }
        return number.isFinite ? number : nil
    }
}
`;
  return [{ name: `${className}.swift`, text }];
}
