import { parse, parseBinary } from 'plist';
import { isObject } from '../json.ts';

/**
 * Reads a property list, binary or XML, whose root is a dictionary.
 * @throws if it is not one
 */
export function readDictionary(bytes: Buffer): Record<string, unknown> {
  const binary = bytes.subarray(0, 6).toString('latin1') === 'bplist';
  // Checked first, because the XML parser complains on standard error before it throws.
  if (!binary && !bytes.includes('<plist')) throw new Error('This is not a property list.');
  const value = binary ? parseBinary(bytes) : parse(bytes.toString('utf8'));
  if (!isObject(value)) throw new Error('This is not a dictionary.');
  return value;
}
