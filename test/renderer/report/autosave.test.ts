import { describe, expect, it } from 'vitest'
import { type Autosave, createAutosave, type SaveState } from '../../../src/renderer/report/autosave.ts'
import type { Failure } from '../../../src/shared/errors/index.ts'
import type { ReportText } from '../../../src/shared/report/index.ts'

const text = (findings: string) => ({ findings, impression: '' })

/** An autosave on a clock that only the test moves. */
function rig() {
  const saved: string[] = []
  const states: SaveState[] = []
  const timers = new Set<{ at: number; run: () => void }>()
  let now = 0
  let failure: Failure | null = null
  let hold: Promise<void> | null = null
  const autosave: Autosave<ReportText> = createAutosave({
    save: async ({ findings }) => {
      saved.push(findings)
      await hold
      if (failure) throw failure
      return { savedAt: now }
    },
    toFailure: (thrown) => thrown as Failure,
    schedule: (ms, run) => {
      const timer = { at: now + ms, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    onState: (state) => states.push(state),
    delayMs: 400,
    retryMs: 2000,
  })
  return {
    autosave,
    saved,
    last: () => states.at(-1),
    count: () => states.length,
    fail: (next: Failure | null) => {
      failure = next
    },
    holdAnswers: () => {
      let release = () => {}
      hold = new Promise((resolve) => {
        release = () => resolve()
      })
      return release
    },
    pass: async (ms: number) => {
      now += ms
      for (const timer of [...timers].filter(({ at }) => at <= now)) {
        timers.delete(timer)
        timer.run()
      }
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

describe('autosave', () => {
  it('saves while one types without a pause: the delay is a bound, not a rest to wait for', async () => {
    const { autosave, saved, pass } = rig()
    for (let typed = 1; typed <= 10; typed += 1) {
      autosave.change(text('字'.repeat(typed)))
      await pass(100)
    }
    expect(saved.length).toBeGreaterThanOrEqual(2)
    expect(saved[0]!.length).toBeLessThanOrEqual(5)
  })

  it('tells unsaved, then local, then the gateway', async () => {
    const { autosave, last, pass } = rig()
    autosave.change(text('a'))
    expect(last()).toEqual({ unsaved: true, last: null })
    await pass(400)
    expect(last()).toEqual({ unsaved: false, last: { kind: 'local', at: 400 } })
    autosave.news({ state: 'gateway', at: 900 })
    expect(last()).toEqual({ unsaved: false, last: { kind: 'gateway', at: 900 } })
  })

  it('stays unsaved where more was typed while a save was under way', async () => {
    const { autosave, last, pass, holdAnswers, saved } = rig()
    const release = holdAnswers()
    autosave.change(text('a'))
    await pass(400)
    autosave.change(text('ab'))
    release()
    await pass(0)
    expect(last()?.unsaved).toBe(true)
    await pass(400)
    expect(saved).toEqual(['a', 'ab'])
    expect(last()?.unsaved).toBe(false)
  })

  it('flush sends at once, and nothing where nothing changed', async () => {
    const { autosave, saved } = rig()
    await autosave.flush()
    expect(saved).toEqual([])
    autosave.change(text('a'))
    await autosave.flush()
    await autosave.flush()
    expect(saved).toEqual(['a'])
  })

  it('says that it could not save, and tries again by itself', async () => {
    const { autosave, last, pass, fail, saved } = rig()
    fail({ code: 'vault-unavailable' })
    autosave.change(text('a'))
    await pass(400)
    expect(last()).toEqual({
      unsaved: true,
      last: { kind: 'refused', failure: { code: 'vault-unavailable' } },
    })
    fail(null)
    await pass(2000)
    expect(saved).toEqual(['a', 'a'])
    expect(last()).toEqual({ unsaved: false, last: { kind: 'local', at: 2400 } })
  })

  it('sends what is left when it closes, and says nothing more', async () => {
    const { autosave, saved, count, pass } = rig()
    autosave.change(text('a'))
    autosave.close()
    const told = count()
    await pass(5000)
    expect(saved).toEqual(['a'])
    expect(count()).toBe(told)
  })

  it('forgets what is given up, also what fails on its way', async () => {
    const given = rig()
    given.autosave.change(text('a'))
    await given.autosave.drop()
    given.autosave.close()
    expect(given.saved).toEqual([])

    const failing = rig()
    failing.fail({ code: 'gateway-unreachable' })
    failing.autosave.change(text('b'))
    void failing.autosave.flush()
    await failing.autosave.drop()
    await failing.pass(60_000)
    failing.autosave.close()
    expect(failing.saved).toEqual(['b'])
  })

  it('sends what has come late, also where it was closed meanwhile', async () => {
    const { autosave, saved, pass } = rig()
    autosave.late(text('an image'))
    expect(saved).toEqual([])
    await pass(400)
    expect(saved).toEqual(['an image'])
    autosave.close()
    autosave.change(text('nobody is there'))
    await pass(5000)
    expect(saved).toEqual(['an image'])
    autosave.late(text('another image'))
    await pass(0)
    expect(saved).toEqual(['an image', 'another image'])
  })
})
