import { ABOUT_EMPTY, ABOUT_VALUES, aboutFile, prefixed } from '../comments.ts';
import { LANGUAGES } from '../languages.ts';
import { eventList, fieldList, isNumber } from '../lists.ts';
import { eventTypeOf } from '../names.ts';
import type { CodeOrder, WrittenFile } from '../order.ts';

export function kotlinCode(order: CodeOrder): WrittenFile[] {
  const { className, packageName } = order;
  const type = eventTypeOf(className);
  const text = `package ${packageName}

import android.annotation.SuppressLint
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.Build

/**
${prefixed(' * ', aboutFile('kotlin', LANGUAGES.kotlin.call))}
 *
 *     ${className}.listen(this) { event -> ... }
 */
object ${className} {
    private val NAMES = arrayOf(
${eventList(order, { indent: '        ', quote: '"' })}
    )

    @Volatile
    private var handler: ((${type}) -> Unit)? = null
    private var listening = false

    /** Starts to listen, until the process ends. Another call only replaces the handler, which is called on the main thread. */
    @Synchronized
    @SuppressLint("UnspecifiedRegisterReceiverFlag")
    fun listen(context: Context, newHandler: (${type}) -> Unit) {
        handler = newHandler
        if (listening) return
        val application = context.applicationContext
        val filter = IntentFilter()
        for (name in NAMES) {
            filter.addAction(name)
        }
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            application.registerReceiver(receiver, filter, Context.RECEIVER_NOT_EXPORTED)
        } else {
            application.registerReceiver(receiver, filter)
        }
        listening = true
    }

    private val receiver = object : BroadcastReceiver() {
        override fun onReceive(context: Context?, intent: Intent?) {
            val name = intent?.action ?: return
            handler?.invoke(${type}(name, valuesOf(intent)))
        }
    }

    @Suppress("DEPRECATION")
    private fun valuesOf(intent: Intent): Map<String, String> {
        val values = HashMap<String, String>()
        try {
            val extras = intent.extras ?: return values
            for (key in extras.keySet()) {
                val value = extras.get(key)?.toString() ?: continue
                if (value.isNotEmpty()) values[key] = value
            }
        } catch (unreadable: RuntimeException) {
            // Below SDK 33 any app can send the event, with content that cannot be read.
        }
        return values
    }
}

/** A threat, with what Appdome says about it. */
class ${type} internal constructor(
    /** The name of the event, as in the list above. */
    val name: String,
    /** ${ABOUT_VALUES} */
    val values: Map<String, String>
) {
${fieldList(
  order,
  (field) => {
    const value = `values["${field.key}"]`;
    return isNumber(field) ? `val ${field.key}: Double? = number(${value})` : `val ${field.key}: String? = ${value}`;
  },
  { indent: '    ' },
)}

    /**
${prefixed('     * ', ABOUT_EMPTY)}
     */
    val isEmpty: Boolean
        get() = values.isEmpty()

    private fun number(text: String?): Double? = text?.trim()?.toDoubleOrNull()?.takeUnless { it.isNaN() || it.isInfinite() }
}
`;
  return [{ name: `${className}.kt`, text }];
}
