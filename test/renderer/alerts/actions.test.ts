import { describe, expect, it } from 'vitest'
import { actionsOf } from '../../../src/renderer/alerts/actions.ts'
import { everyEvent, type Happened, later, madeAlert } from './made-alert.ts'

const at = Date.UTC(2026, 10, 22, 2, 30)
const { raised, released, delivered, received, handled, withdrawn, called } = everyEvent
const radiologist = { roles: ['radiologist'], factor: 'certificate' } as const
const waiting: Happened[] = [
  [raised, at],
  [{ kind: 'check-requested', until: later(at, 5) }, at],
]
const sent: Happened[] = [
  [raised, at],
  [released, at],
  [delivered, at],
]
const offered = (
  happened: readonly Happened[],
  own: boolean,
  who: Parameters<typeof actionsOf>[1] = radiologist,
) =>
  actionsOf({ state: madeAlert('A', happened).alert.state, own }, who).map(
    ({ action, barred }) => `${action}:${barred ?? 'yes'}`,
  )

describe('what can be done about an alert', () => {
  it('is to check it or object, for anybody but its reporter', () => {
    expect(offered(waiting, false)).toEqual(['check:yes', 'object:yes', 'call:yes', 'withdraw:yes'])
    expect(offered(waiting, true).slice(0, 2)).toEqual(['check:own', 'object:own'])
  })

  it('is not to check without the key', () => {
    const fallback = { roles: ['radiologist'], factor: 'fallback' } as const
    expect(offered(waiting, false, fallback).slice(0, 2)).toEqual(['check:key-needed', 'object:key-needed'])
    expect(offered(waiting, false, { roles: ['quality-manager'], factor: 'certificate' })).toEqual([
      'call:yes',
      'withdraw:yes',
    ])
  })

  it('is to withdraw until it is handled, and to close from then on', () => {
    expect(offered(sent, true)).toEqual(['call:yes', 'withdraw:yes'])
    expect(offered([...sent, [received, later(at, 1)]], true)).toContain('withdraw:yes')
    expect(offered([...sent, [received, later(at, 1)], [handled, later(at, 2)]], true)).toEqual([
      'call:yes',
      'close:yes',
      'withdraw:handled',
    ])
  })

  it('is not to withdraw what was handled by telephone before its check', () => {
    const phoned: Happened[] = [
      ...waiting,
      [called, later(at, 1)],
      [{ ...handled, source: 'phone' }, later(at, 1)],
    ]
    expect(offered(phoned, true)).toContain('withdraw:handled')
  })

  it('is nothing once it is over, nor for who may only look', () => {
    expect(offered([...sent, [withdrawn, later(at, 1)]], true)).toEqual([])
    expect(offered(sent, false, { roles: ['technologist'], factor: 'certificate' })).toEqual([])
  })
})
