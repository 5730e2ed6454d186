import { ABOUT_EMPTY, ABOUT_VALUES, aboutFile, prefixed } from '../comments.ts';
import { LANGUAGES } from '../languages.ts';
import { eventList, fieldList, isNumber } from '../lists.ts';
import { eventTypeOf } from '../names.ts';
import type { CodeOrder, WrittenFile } from '../order.ts';

export function javaCode(order: CodeOrder): WrittenFile[] {
  const { className, packageName, fields } = order;
  const type = eventTypeOf(className);
  const text = `package ${packageName};

import android.annotation.SuppressLint;
import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.os.Build;
import android.os.Bundle;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
${prefixed(' * ', aboutFile('java', LANGUAGES.java.call))}
 *
 * <pre>${className}.listen(this, event -&gt; { ... });</pre>
 */
public final class ${className} {
    private static final String[] NAMES = {
${eventList(order, { indent: '        ', quote: '"' })}
    };

    /** Decides what the app does about an event. It is called on the main thread. */
    public interface Handler {
        void onThreatEvent(${type} event);
    }

    private static volatile Handler handler;
    private static boolean listening;

    private ${className}() {}

    /** Starts to listen, until the process ends. Another call only replaces the handler. */
    @SuppressLint("UnspecifiedRegisterReceiverFlag")
    public static synchronized void listen(Context context, Handler newHandler) {
        handler = newHandler;
        if (listening) return;
        Context application = context.getApplicationContext();
        IntentFilter filter = new IntentFilter();
        for (String name : NAMES) {
            filter.addAction(name);
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            application.registerReceiver(new Receiver(), filter, Context.RECEIVER_NOT_EXPORTED);
        } else {
            application.registerReceiver(new Receiver(), filter);
        }
        listening = true;
    }

    private static final class Receiver extends BroadcastReceiver {
        @Override
        public void onReceive(Context context, Intent intent) {
            Handler current = handler;
            if (current == null || intent == null || intent.getAction() == null) return;
            current.onThreatEvent(new ${type}(intent.getAction(), valuesOf(intent)));
        }
    }

    @SuppressWarnings("deprecation")
    private static Map<String, String> valuesOf(Intent intent) {
        Map<String, String> values = new HashMap<>();
        try {
            Bundle extras = intent.getExtras();
            if (extras == null) return values;
            for (String key : extras.keySet()) {
                Object value = extras.get(key);
                if (value != null && !value.toString().isEmpty()) values.put(key, value.toString());
            }
        } catch (RuntimeException unreadable) {
            // Below SDK 33 any app can send the event, with content that cannot be read.
        }
        return values;
    }

    /** A threat, with what Appdome says about it. Every field can be null. */
    public static final class ${type} {
        /** The name of the event, as in the list above. */
        public final String name;
${fieldList(order, (field) => `public final ${isNumber(field) ? 'Double' : 'String'} ${field.key};`, { indent: '        ' })}
        /** ${ABOUT_VALUES} */
        public final Map<String, String> values;

        ${type}(String name, Map<String, String> values) {
            this.name = name;
            this.values = Collections.unmodifiableMap(values);
${fields
  .map((field) => {
    const value = `values.get("${field.key}")`;
    return `            this.${field.key} = ${isNumber(field) ? `number(${value})` : value};`;
  })
  .join('\n')}
        }

        /**
${prefixed('         * ', ABOUT_EMPTY)}
         */
        public boolean isEmpty() {
            return values.isEmpty();
        }

        private static Double number(String text) {
            if (text == null) return null;
            try {
                double number = Double.parseDouble(text.trim());
                return Double.isNaN(number) || Double.isInfinite(number) ? null : number;
            } catch (NumberFormatException notANumber) {
                return null;
            }
        }
    }
}
`;
  return [{ name: `${className}.java`, text }];
}
