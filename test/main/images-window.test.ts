import { describe, expect, it, vi } from 'vitest'
import {
  closingImagesWindow,
  imagesWindowCalls,
  imagesWindowHears,
  imagesWindowServices,
} from '../../src/main/images-window.ts'
import { ipc } from '../../src/shared/ipc/index.ts'
import { recordingShell } from './recording-shell.ts'

describe('the window for images', () => {
  const services = {
    invoke: vi.fn(async () => ({ ok: true as const, value: {} })),
    content: vi.fn(),
  }

  it('may ask for images and settings, and for nothing else of the contract', async () => {
    const { invoke } = imagesWindowServices(services)
    for (const channel of Object.keys(ipc)) {
      services.invoke.mockClear()
      const answer = await invoke(channel, undefined)
      const permitted = imagesWindowCalls.has(channel)
      expect([channel, answer.ok, services.invoke.mock.calls.length]).toEqual([
        channel,
        permitted,
        permitted ? 1 : 0,
      ])
    }
    for (const call of imagesWindowCalls)
      expect(call).not.toMatch(
        /^(report|session|administration|account|alert|tokens|critical|retrospect|worklist)\./,
      )
  })

  it('is refused whatever is no channel', async () => {
    const { invoke } = imagesWindowServices(services)
    services.invoke.mockClear()
    for (const channel of [null, 7, {}, 'toString', '__proto__', ['study.open']])
      expect(await invoke(channel, undefined)).toMatchObject({
        ok: false,
        failure: { code: 'permission-denied' },
      })
    expect(services.invoke).not.toHaveBeenCalled()
  })

  it('hears of the session and of nothing else', () => {
    expect(imagesWindowHears({ kind: 'state', state: { phase: 'signed-out', ended: null } })).toBe(true)
    expect(imagesWindowHears({ kind: 'alert-changed', alertId: 'A1' })).toBe(false)
  })

  it('closes with the session, and not with a lock', async () => {
    const shell = recordingShell()
    const closing = closingImagesWindow(shell, () => undefined)
    await closing.imagesWindow(true)
    const session = { id: 's' } as never
    closing.send({ kind: 'state', state: { phase: 'active', session } })
    closing.send({ kind: 'state', state: { phase: 'locked', session, why: 'user' } })
    expect(closing.imagesWindowIsOpen()).toBe(true)
    closing.send({ kind: 'state', state: { phase: 'signed-out', ended: null } })
    expect(shell.order).toEqual([
      'images-open',
      'state:active',
      'state:locked',
      'state:signed-out',
      'images-closed',
    ])
  })
})
