/**
 * A terminal as far as our live area uses one: text, new line, carriage return, cursor up, clear the rest of the line or of the screen. Anything else is an
 * error, so that a test also shows that nothing else is used.
 */
export function screenOf(output: string, columns: number): string[] {
  const rows: string[][] = [[]];
  let row = 0;
  let column = 0;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is read here
  const tokens = output.match(/\u001b\[[\d;]*[A-Za-z]|[\s\S]/gu) ?? [];
  for (const token of tokens) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes are what is read here
    const sequence = /^\u001b\[([\d;]*)([A-Za-z])$/.exec(token);
    if (sequence) {
      const [, count, command] = sequence;
      if (command === 'A') row -= Number(count || 1);
      else if (command === 'J') {
        rows.length = row + 1;
        rows[row] = (rows[row] ?? []).slice(0, column);
      } else if (command === 'K') rows[row] = (rows[row] ?? []).slice(0, column);
      else if (command !== 'm') throw new Error(`unexpected escape ${JSON.stringify(token)}`);
      if (row < 0) throw new Error('the cursor left the screen');
    } else if (token === '\n') {
      row++;
      column = 0;
      rows[row] ??= [];
    } else if (token === '\r') column = 0;
    else {
      const cells = rows[row] ?? [];
      cells[column++] = token;
      rows[row] = cells;
      if (column >= columns) throw new Error('a line filled or left the terminal');
    }
  }
  return rows.map((cells) => cells.join('').trimEnd());
}
