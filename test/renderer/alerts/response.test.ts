import { describe, expect, it, vi } from 'vitest'
import type { Why } from '../../../src/renderer/alerts/attention/notices.ts'
import { oneSound, responseTo } from '../../../src/renderer/alerts/attention/response.ts'
import { play, tonesOf } from '../../../src/renderer/alerts/attention/tones.ts'
import { AlertAttention } from '../../../src/shared/session/index.ts'

const levels = ['red', 'orange', 'yellow'] as const
const all = AlertAttention.shape.why.options.flatMap((why) => levels.map((level) => ({ why, level })))
const usual = { quiet: false, locked: false }
const quiet = { quiet: true, locked: false }

describe('how a person is called', () => {
  it.each(all)('rings and flashes for $level $why while nobody asked for quiet', (what) => {
    const response = responseTo(what, usual)
    expect(response.sound?.level).toBe(what.level)
    expect(response.flash).toBe('until-seen')
  })

  it('rings softly where a colleague is only asked to look', () => {
    const soft = (why: Why) => responseTo({ level: 'red', why }, usual).sound?.soft
    expect([soft('check-requested'), soft('check-objected'), soft('escalated'), soft('exhausted')]).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('is mute in quiet reading but for what a patient waits for, and that is soft', () => {
    const ringing = all.filter((what) => responseTo(what, quiet).sound !== null)
    expect(ringing.map(({ level, why }) => `${level} ${why}`).toSorted()).toEqual([
      'orange exhausted',
      'red escalated',
      'red exhausted',
      'yellow exhausted',
    ])
    for (const what of ringing) expect(responseTo(what, quiet)).toMatchObject({ sound: { soft: true } })
  })

  it('flashes once in quiet reading for orange and yellow, and on for red', () => {
    const flash = (level: (typeof levels)[number]) => responseTo({ level, why: 'refused' }, quiet).flash
    expect(levels.map(flash)).toEqual(['until-seen', 'once', 'once'])
  })

  it.each(all)('only flashes while locked: $level $why', (what) => {
    for (const quiet of [true, false]) {
      expect(responseTo(what, { quiet, locked: true })).toEqual({ sound: null, flash: 'until-seen' })
    }
  })

  it('makes one sound of many: the most urgent, soft only where all are', () => {
    const of = (level: (typeof levels)[number], why: Why) => responseTo({ level, why }, usual)
    expect(oneSound([])).toBeNull()
    expect(oneSound([of('yellow', 'escalated'), of('red', 'check-requested')])).toEqual({
      level: 'red',
      soft: false,
    })
    expect(oneSound([of('orange', 'check-requested')])).toEqual({ level: 'orange', soft: true })
    expect(oneSound([responseTo({ level: 'red', why: 'refused' }, quiet)])).toBeNull()
  })
})

describe('the signals', () => {
  it('are told apart by count and by pitch', () => {
    expect(levels.map((level) => tonesOf(level, false).length)).toEqual([5, 3, 1])
    const highest = levels.map((level) => Math.max(...tonesOf(level, false).map(({ hertz }) => hertz)))
    expect(highest).toEqual(highest.toSorted((a, b) => b - a))
    expect(new Set(highest).size).toBe(3)
  })

  it.each(levels)('%s is short, does not overlap itself, and is never loud', (level) => {
    for (const soft of [true, false]) {
      const tones = tonesOf(level, soft)
      tones.forEach(({ at, lasts, gain }, index) => {
        expect(at + lasts).toBeLessThanOrEqual(tones[index + 1]?.at ?? 1.5)
        expect(gain).toBeLessThanOrEqual(0.25)
      })
    }
    const gain = (soft: boolean) => tonesOf(level, soft)[0]?.gain ?? 0
    expect(gain(true)).toBeLessThan(gain(false) / 2)
  })

  it('let the sound device go when the last beep has ended', () => {
    const oscillators: { onended: (() => void) | null }[] = []
    const param = () => ({ value: 0, setValueAtTime: vi.fn(), linearRampToValueAtTime: vi.fn() })
    const context = {
      currentTime: 0,
      destination: {},
      close: vi.fn(async () => {}),
      createGain: () => ({ gain: param(), connect: vi.fn() }),
      createOscillator: () => {
        const made = { frequency: param(), connect: vi.fn(), start: vi.fn(), stop: vi.fn(), onended: null }
        oscillators.push(made)
        return made
      },
    }
    const opened = vi.fn(() => context as unknown as AudioContext)
    play(tonesOf('orange', false), opened)
    expect(opened).toHaveBeenCalledOnce()
    expect(oscillators.map(({ onended }) => onended !== null)).toEqual([false, false, true])
    oscillators.at(-1)?.onended?.()
    expect(context.close).toHaveBeenCalledOnce()
  })
})
