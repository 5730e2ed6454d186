import { ABOUT_EMPTY, ABOUT_VALUES, aboutFile, prefixed } from '../comments.ts';
import { LANGUAGES } from '../languages.ts';
import { eventList, fieldList, isNumber, withoutAndroidOnly } from '../lists.ts';
import { eventTypeOf } from '../names.ts';
import type { CodeOrder, WrittenFile } from '../order.ts';

export function objectiveCCode(given: CodeOrder): WrittenFile[] {
  const order = withoutAndroidOnly(given);
  const { className } = order;
  const names = { className, type: eventTypeOf(className) };
  return [
    { name: `${className}.h`, text: header(order, names) },
    { name: `${className}.m`, text: implementation(order, names) },
  ];
}

interface Names {
  className: string;
  type: string;
}

function header(order: CodeOrder, { className, type }: Names): string {
  return `#import <Foundation/Foundation.h>

${prefixed('// ', aboutFile('objective-c', LANGUAGES['objective-c'].call))}
//
//     [${className} listenWithHandler:^(${type} *event) { ... }];

#pragma clang assume_nonnull begin

/// A threat, with what Appdome says about it.
@interface ${type} : NSObject

/// The name of the event, as in the list of ${className}.m.
@property (nonatomic, copy, readonly) NSString *name;
/// ${ABOUT_VALUES}
@property (nonatomic, copy, readonly) NSDictionary<NSString *, NSString *> *values;
${prefixed('/// ', ABOUT_EMPTY)}
@property (nonatomic, readonly) BOOL isEmpty;

${fieldList(
  order,
  (field) => `@property (nonatomic, readonly, nullable) ${isNumber(field) ? 'NSNumber' : 'NSString'} *${field.key};`,
  { indent: '', comment: '/// TEXT' },
)}

@end

typedef void (^${className}Handler)(${type} *event);

@interface ${className} : NSObject

/// Starts to listen, until the process ends. Another call only replaces the handler, which is called on the main thread.
+ (void)listenWithHandler:(${className}Handler)handler;

@end

#pragma clang assume_nonnull end
`;
}

function implementation(order: CodeOrder, { className, type }: Names): string {
  const getters = order.fields.map((field) => {
    const value = `self.values[@"${field.key}"]`;
    return isNumber(field)
      ? `- (NSNumber *)${field.key} {\n    return [self numberFrom:${value}];\n}`
      : `- (NSString *)${field.key} {\n    return ${value};\n}`;
  });
  return `#import "${className}.h"

@implementation ${type}

- (instancetype)initWithName:(NSString *)name userInfo:(NSDictionary *)userInfo {
    self = [super init];
    if (self != nil) {
        NSMutableDictionary<NSString *, NSString *> *values = [NSMutableDictionary dictionary];
        for (id key in userInfo) {
            id value = userInfo[key];
            NSString *text = [value isKindOfClass:[NSNumber class]] ? [value stringValue] : value;
            if ([key isKindOfClass:[NSString class]] && [text isKindOfClass:[NSString class]] && text.length > 0) {
                values[key] = text;
            }
        }
        _name = [name copy];
        _values = [values copy];
    }
    return self;
}

- (BOOL)isEmpty {
    return self.values.count == 0;
}

- (NSNumber *)numberFrom:(NSString *)text {
    if (text == nil) {
        return nil;
    }
    NSScanner *scanner = [NSScanner scannerWithString:text];
    double number = 0;
    return [scanner scanDouble:&number] && scanner.isAtEnd ? @(number) : nil;
}

${getters.join('\n\n')}

@end

static ${className}Handler currentHandler;

@implementation ${className}

+ (void)listenWithHandler:(${className}Handler)handler {
    currentHandler = [handler copy];
    static dispatch_once_t once;
    dispatch_once(&once, ^{
        [self startListening];
    });
}

+ (void)startListening {
    NSArray<NSString *> *names = @[
${eventList(order, { indent: '        ', quote: '@"' })}
    ];
    for (NSString *name in names) {
        [[NSNotificationCenter defaultCenter] addObserverForName:name object:nil queue:[NSOperationQueue mainQueue] usingBlock:^(NSNotification *note) {
            if (currentHandler != nil) {
                currentHandler([[${type} alloc] initWithName:name userInfo:note.userInfo]);
            }
        }];
    }
}

@end
`;
}
