import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { bridgeName, ipc } from '../../src/shared/ipc/index.ts'

/** Electron is not there in a test; what the script does with it is recorded. */
const electron = vi.hoisted(() => ({
  exposed: new Map<string, Record<string, (...args: unknown[]) => unknown>>(),
  invoked: [] as unknown[][],
  listeners: new Set<(...args: unknown[]) => void>(),
}))
vi.mock('electron', () => ({
  contextBridge: {
    exposeInMainWorld: (name: string, bridge: never) => electron.exposed.set(name, bridge),
  },
  ipcRenderer: {
    invoke: async (...args: unknown[]) => void electron.invoked.push(args),
    on: (_channel: string, listener: never) => electron.listeners.add(listener),
    removeListener: (_channel: string, listener: never) => electron.listeners.delete(listener),
  },
}))

describe('the preload script', () => {
  beforeAll(() => import('../../src/preload/index.ts'))
  const bridge = () => electron.exposed.get('vigil') ?? {}

  it('exposes one world key: the named functions of the contract and onEvent, nothing else', () => {
    expect([...electron.exposed.keys()]).toEqual(['vigil'])
    const names = [...Object.keys(ipc).map(bridgeName), 'onEvent']
    expect(Object.keys(bridge()).sort()).toEqual(names.sort())
    for (const value of Object.values(bridge())) expect(typeof value).toBe('function')
  })

  it('binds each function to its own channel', async () => {
    for (const channel of Object.keys(ipc)) {
      electron.invoked.length = 0
      await bridge()[bridgeName(channel)]?.({ a: 1 }, 'another argument')
      expect(electron.invoked).toEqual([['vigil:invoke', channel, { a: 1 }]])
    }
  })

  it('hands on data and never the event object', () => {
    const heard: unknown[][] = []
    const stop = bridge().onEvent?.((...args: unknown[]) => heard.push(args)) as () => unknown
    for (const listener of electron.listeners)
      listener({ sender: 'ipcRenderer' }, { kind: 'worklist-changed' })
    expect(heard).toEqual([[{ kind: 'worklist-changed' }]])
    expect(stop()).toBeUndefined()
    expect(electron.listeners.size).toBe(0)
  })

  it('uses the channel names that main listens on', () => {
    const main = readFileSync(join(import.meta.dirname, '../../src/main/electron/window-ipc.ts'), 'utf8')
    expect(main).toContain("'vigil:invoke'")
    expect(main).toContain("'vigil:event'")
  })
})
