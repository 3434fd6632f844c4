import type { BenchRow } from './row.ts'

/** The rows as an aligned text table. */
export function table(rows: readonly BenchRow[]): string {
  const lines = [
    ['measurement', 'unit', 'ours', 'peer', 'ratio', 'better', 'target', 'peer is'],
    ...rows.map((row) => [
      row.name,
      row.unit,
      figure(row.ours),
      figure(row.peer),
      row.ratio.toFixed(2),
      row.better,
      row.target,
      row.peerName,
    ]),
  ]
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const numeric = new Set([2, 3, 4])
  return lines
    .map((line) =>
      line
        .map((cell, column) =>
          numeric.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Three significant digits. */
const figure = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))
