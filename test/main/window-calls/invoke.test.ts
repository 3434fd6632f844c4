import { describe, expect, it, vi } from 'vitest'
import { type CallHandlers, createInvoke } from '../../../src/main/window-calls/index.ts'
import { VigilError } from '../../../src/shared/errors/index.ts'
import { type IpcChannel, ipc } from '../../../src/shared/ipc/index.ts'

const channels = Object.keys(ipc) as IpcChannel[]
const handler = vi.fn(async () => ({}))
const handlers = Object.fromEntries(channels.map((channel) => [channel, handler])) as unknown as CallHandlers
const log = { info: vi.fn(), failure: vi.fn(), close: vi.fn() }
const invoke = createInvoke(handlers, log)

const junk: unknown[] = [
  'text',
  42,
  [],
  [1],
  true,
  Symbol('s'),
  () => 1,
  { study: '../etc/passwd' },
  { study: '1.2', series: 'x', text: { findings: 'a'.repeat(30_000), impression: '' } },
  { __proto__: { study: '1.2.3' } },
  { tokenId: 'x'.repeat(10_000), pin: '1', takeOver: true },
  { before: 'now' },
  { search: 'x'.repeat(100), limit: -1, status: 'everything' },
  { ticket: 1, name: {} },
  { accessionNumber: 'x'.repeat(17) },
]

describe('what the window may call', () => {
  it.each(channels)('%s refuses junk before its handler sees it', async (channel) => {
    for (const args of junk) {
      handler.mockClear()
      const answer = await invoke(channel, args)
      const passes = ipc[channel].args.safeParse(args).success
      if (passes) continue
      expect(answer).toMatchObject({ ok: false, failure: { code: 'bad-request' } })
      expect(handler).not.toHaveBeenCalled()
    }
    // No channel takes a plain string, number or list.
    for (const args of ['text', 42, [1]]) expect(await invoke(channel, args)).toMatchObject({ ok: false })
  })

  it.each([
    undefined,
    null,
    1,
    {},
    'constructor',
    '__proto__',
    'toString',
    'workstation.State',
    'vigil:invoke',
  ])('refuses the channel %s', async (channel) => {
    expect(await invoke(channel, undefined)).toEqual({
      ok: false,
      failure: { code: 'bad-request', facts: { field: 'channel' } },
    })
  })

  it('answers failures by code and never by message', async () => {
    handler.mockRejectedValueOnce(new VigilError('pin-wrong', { triesLeft: 1 }))
    expect(await invoke('tokens.list', undefined)).toEqual({
      ok: false,
      failure: { code: 'pin-wrong', facts: { triesLeft: 1 } },
    })
    handler.mockRejectedValueOnce(new Error('张三 /home/secret'))
    const answer = await invoke('tokens.list', undefined)
    expect(answer).toEqual({ ok: false, failure: { code: 'internal' } })
    expect(JSON.stringify(log.failure.mock.calls)).not.toContain('secret/')
  })

  it('passes null for no arguments, as some bridges send it', async () => {
    expect(await invoke('workstation.state', null)).toEqual({ ok: true, value: {} })
  })
})
