/** Cells as lines with aligned columns; the last column keeps its length. No column is padded beyond its `limit`. */
export function aligned(
  rows: ReadonlyArray<readonly string[]>,
  limitOf: (column: number) => number = () => Infinity,
): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.min(limitOf(column), Math.max(...rows.map((row) => row[column]?.length ?? 0))),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
