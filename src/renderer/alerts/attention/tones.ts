import type { CriticalLevel } from '../../../shared/critical/model.ts'

/** One beep: when after the beginning and for how long, in seconds; its pitch in Hz; its loudness from 0 to 1. */
export interface Tone {
  at: number
  lasts: number
  hertz: number
  gain: number
}

/**
 * The signal of a level, told apart by count and by pitch, not by loudness alone: five beeps in 3 + 2 for red, three for
 * orange, one for yellow, the counts of IEC 60601-1-8 for high, medium and low priority.
 */
export function tonesOf(level: CriticalLevel, soft: boolean): Tone[] {
  const gain = soft ? 0.06 : 0.22
  const signals: Record<CriticalLevel, readonly (readonly [at: number, hertz: number])[]> = {
    red: [
      [0, 880],
      [0.2, 988],
      [0.4, 1175],
      [0.8, 988],
      [1, 1175],
    ],
    orange: [
      [0, 659],
      [0.3, 784],
      [0.6, 659],
    ],
    yellow: [[0, 523]],
  }
  const lasts = level === 'red' ? 0.14 : level === 'orange' ? 0.2 : 0.35
  return signals[level].map(([at, hertz]) => ({ at, lasts, hertz, gain }))
}

/** Plays them and lets the sound device go again. The beginnings and ends are ramps: a bare switch clicks. */
export function play(tones: readonly Tone[], openContext: () => AudioContext): void {
  const last = tones.at(-1)
  if (!last) return
  const context = openContext()
  const begin = context.currentTime + 0.05
  for (const { at, lasts, hertz, gain } of tones) {
    const oscillator = context.createOscillator()
    const volume = context.createGain()
    oscillator.frequency.value = hertz
    oscillator.connect(volume)
    volume.connect(context.destination)
    const from = begin + at
    volume.gain.setValueAtTime(0, from)
    volume.gain.linearRampToValueAtTime(gain, from + 0.02)
    volume.gain.setValueAtTime(gain, from + lasts - 0.03)
    volume.gain.linearRampToValueAtTime(0, from + lasts)
    oscillator.start(from)
    oscillator.stop(from + lasts)
    // The last one to be started is the last one to end.
    if (at === last.at) oscillator.onended = () => void context.close()
  }
}
