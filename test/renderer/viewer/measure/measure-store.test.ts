import { describe, expect, it } from 'vitest'
import { createMeasureStore } from '../../../../src/renderer/viewer/measure/measure-store.ts'
import type { Measurement } from '../../../../src/shared/measurement/index.ts'

const made = (id: string, change: Partial<Measurement> = {}): Measurement => ({
  id,
  kind: 'length',
  series: '1.2',
  instance: '1.3',
  frame: 1,
  points: [
    [0, 0],
    [30, 40],
  ],
  label: '',
  values: [{ name: 'length', value: 50, unit: '{pixels}' }],
  calibrated: false,
  ...change,
})

describe('what was measured on a study', () => {
  it('is undone and done again step by step: made, moved, written on, deleted', () => {
    const store = createMeasureStore()
    const seen: string[] = []
    const now = () =>
      store
        .state()
        .present.measurements.map(({ id, label, frame }) => `${id}${label}${frame}`)
        .join(' ')
    for (const step of [
      () => store.add(made('a')),
      () => store.add(made('b')),
      () => store.replace(made('a', { frame: 2 })),
      () => store.replace(made('a', { frame: 2, label: '结节' })),
      () => store.remove(['b']),
      () => store.removeAll(),
    ]) {
      seen.push(now())
      step()
    }
    expect(now()).toBe('')
    const back = seen.toReversed().map(() => {
      store.undo()
      return now()
    })
    expect(back).toEqual(seen.toReversed())
    store.undo()
    expect(now()).toBe('')
    for (let i = 0; i < 5; i++) store.redo()
    expect(now()).toBe('a结节2')
    // A new step forgets what was undone.
    store.add(made('c'))
    store.redo()
    expect(now()).toBe('a结节2 c1')
  })

  it('remembers a bounded number of steps', () => {
    const store = createMeasureStore()
    for (let i = 0; i < 500; i++) store.add(made(String(i)))
    expect(store.state().past).toHaveLength(200)
    for (let i = 0; i < 600; i++) store.undo()
    expect(store.state().present.measurements).toHaveLength(300)
  })

  it('takes a calibration as a step: lengths of that image follow, what its pixels say stays', () => {
    const store = createMeasureStore()
    const mean = { name: 'mean', value: 12, unit: '1' } as const
    store.add(made('a'))
    store.add(made('other', { instance: '1.4' }))
    store.add(
      made('roi', {
        kind: 'rectangle',
        points: [
          [0, 0],
          [10, 10],
        ],
        values: [mean],
      }),
    )
    store.calibrate(
      { series: '1.2', instance: '1.3' },
      { row: 0.2, column: 0.2 },
      { row: 0.2, column: 0.2, unit: 'mm' },
    )
    const [a, other, roi] = store.state().present.measurements
    expect(a).toMatchObject({ calibrated: true, values: [{ name: 'length', value: 10, unit: 'mm' }] })
    expect(other).toEqual(made('other', { instance: '1.4' }))
    expect(roi!.values).toEqual([{ name: 'area', value: expect.closeTo(4, 10), unit: 'mm2' }, mean])
    store.undo()
    expect(store.state().present.measurements[0]).toEqual(made('a'))
    expect(store.state().present.calibrations).toEqual({})
  })

  it('selects what was made last, and nothing that is gone', () => {
    const store = createMeasureStore()
    store.add(made('a'))
    expect(store.state().selected).toBe('a')
    store.undo()
    expect(store.state().selected).toBeNull()
  })

  it('shows what was stored once, in one step', () => {
    const store = createMeasureStore()
    store.add(made('a'))
    store.show([made('a', { label: '另' }), made('b'), made('c')])
    expect(store.state().present.measurements.map(({ id, label }) => id + label)).toEqual(['a', 'b', 'c'])
    store.show([made('b')])
    store.undo()
    expect(store.state().present.measurements).toHaveLength(1)
  })

  it('tells its subscribers, until they leave', () => {
    const store = createMeasureStore()
    let told = 0
    const leave = store.subscribe(() => {
      told += 1
    })
    store.add(made('a'))
    leave()
    store.add(made('b'))
    expect(told).toBe(1)
  })
})
