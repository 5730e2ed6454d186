/** The words of all languages for making, reading and changing collections. */
import { ITERATORS } from './selection.ts';

export const EVERY_CONSTANT = new Set(['values', 'entries', 'allCases']);

export const LISTS = new Set(
  `listOf setOf arrayOf arrayListOf mutableListOf mutableSetOf hashSetOf linkedSetOf sequenceOf asList of arrayWithObjects setWithObjects
  Array Set HashSet ArrayList LinkedList LinkedHashSet List from freeze unmodifiableList unmodifiableSet unmodifiableCollection copyOf
  arrayWithArray`.split(/\s+/u),
);
export const MAPS = new Set(['mapOf', 'hashMapOf', 'mutableMapOf', 'linkedMapOf', 'freeze', 'unmodifiableMap']);
/** Methods without arguments that give the same elements. */
export const SAME_ELEMENTS = new Set(
  `stream toList asSequence toSet asIterable sorted reversed distinct iterator toArray toTypedArray ToList ToArray AsEnumerable Distinct
  allObjects lazy`.split(/\s+/u),
);
export const INDEXED = new Set(['enumerated', 'withIndex']);
export const KEYS = new Set(['keys', 'keySet', 'Keys', 'allKeys']);
export const VALUES = new Set(['values', 'Values', 'allValues']);
export const MAPPERS = new Set(['map', 'compactMap', 'Select']);
/** Functions of a type that only read the collection which they get: `Object.keys(…)`, `Arrays.asList(…)`. */
export const READERS = new Set([...LISTS, ...MAPS, 'keys', 'values', 'entries', 'stream', 'toString']);
export const ADDERS = new Set(['add', 'Add', 'append', 'push']);

/** Methods that leave a collection as it is, or add to it. */
export const LEAVING = new Set([
  ...ITERATORS,
  ...SAME_ELEMENTS,
  ...INDEXED,
  ...ADDERS,
  ...KEYS,
  ...VALUES,
  ...`entries entrySet filter filterNot where find findLast first firstOrNull last lastOrNull single any all none some every count size length
  isEmpty isNotEmpty contains Contains containsKey ContainsKey includes has get getOrDefault getValue indexOf lastIndexOf join joinToString joined
  slice take drop prefix suffix dropFirst dropLast subList concat plus flatMap associateWith associate groupBy sortedBy sortedWith reduce fold
  toString hashCode equals objectAtIndex objectForKey elementAt ElementAt First FirstOrDefault Where Any All Count put set insert asMap copyOf
  clone stream parallelStream toMutableList toMap TryGetValue putAll addAll AddRange random randomElement forEachIndexed zip indices`
    .trim()
    .split(/\s+/u),
]);

/** Methods whose result can take elements away. */
export const VIEWS = new Set(['iterator', 'subList']);
