/**
 * Replaces the generated part of a page that is otherwise written by hand: the text between `<!-- NAME: generated -->` and `<!-- NAME: end
 * -->`.
 * @param {string} page
 * @param {string} name
 * @param {string} content
 */
export function replaceBetween(page, name, content) {
  const [start, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const from = page.indexOf(start);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The page has no ${start} … ${end}`);
  return `${page.slice(0, from + start.length)}\n${content}\n${page.slice(to)}`;
}
