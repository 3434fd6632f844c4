type Triple = readonly [number, number, number]

const axes = [
  ['L', 'R'],
  ['P', 'A'],
  ['H', 'F'],
] as const

/** A direction in the patient's LPS system as letters (PS3.3 C.7.6.1.1.1), the strongest axis first; '' for none. */
export function letters(direction: Triple): string {
  return direction
    .map((component, axis) => ({ size: Math.abs(component), letter: axes[axis]![component > 0 ? 0 : 1] }))
    .filter(({ size }) => size > 0.35)
    .sort((a, b) => b.size - a.size)
    .map(({ letter }) => letter)
    .join('')
}

const opposite: Record<string, string> = { L: 'R', R: 'L', P: 'A', A: 'P', H: 'F', F: 'H' }

export function opposed(code: string): string {
  return [...code].map((letter) => opposite[letter] ?? '').join('')
}

export interface EdgeLetters {
  left: string
  right: string
  top: string
  bottom: string
}

/**
 * Letters at the four edges. `right` and `down` are the screen's directions as they are now (rotated, flipped): in patient
 * space, or, for projections with Patient Orientation only, in the image's own plane (x along rows, y along columns).
 */
export function edgeLetters(
  right: Triple,
  down: Triple,
  projection: { row: string; column: string } | null,
): EdgeLetters {
  const name = (direction: Triple): string => {
    if (!projection) return letters(direction)
    const [x, y] = direction
    const along = Math.abs(x) > Math.abs(y) ? [projection.row, x] : [projection.column, y]
    const [code, sign] = along as [string, number]
    return sign > 0 ? code : opposed(code)
  }
  return {
    right: name(right),
    left: opposed(name(right)),
    bottom: name(down),
    top: opposed(name(down)),
  }
}
