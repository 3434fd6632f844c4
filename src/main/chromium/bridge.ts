import type { Page } from 'playwright-core'
import { bridgeName, type IpcEvent, ipc } from '../../shared/ipc/index.ts'
import type { WindowServices } from '../shell.ts'

const invokeBinding = '__vigilInvoke'
const eventsBinding = '__vigilEvents'

/** Installs `window.vigil`, the same functions as the Electron preload's. Events wait until the page asks for them. */
export interface PageBridge {
  send(event: IpcEvent): void
}

/** `isWindow` tells whether a call comes from the window's own page: main frame, own origin. */
export async function installBridge(
  page: Page,
  invoke: WindowServices['invoke'],
  base: string,
): Promise<PageBridge> {
  let waiting: IpcEvent[] = []
  let deliver: (() => void) | null = null

  const fromWindow = (source: { page: Page; frame: { url(): string } }) =>
    source.page === page && source.frame === page.mainFrame() && source.frame.url().startsWith(base)

  await page.exposeBinding(invokeBinding, async (source, channel: unknown, args: unknown) => {
    // As text: Playwright walks an object's every value to hand it over, which took ten times as long for a series' metadata.
    if (!fromWindow(source)) return JSON.stringify({ ok: false, failure: { code: 'permission-denied' } })
    return JSON.stringify(await invoke(channel, args))
  })
  await page.exposeBinding(eventsBinding, async (source) => {
    if (!fromWindow(source)) return []
    deliver?.()
    if (waiting.length === 0) {
      const own = await new Promise<() => void>((resolve) => {
        const wake = () => resolve(wake)
        deliver = wake
      })
      // A page that was loaded anew waits in its own turn: what it waits on is not this one's to take away.
      if (deliver !== own) return []
      deliver = null
    }
    const events = waiting
    waiting = []
    return events
  })
  await page.addInitScript({ content: pageScript(base) })

  return {
    send(event) {
      waiting.push(event)
      deliver?.()
    },
  }
}

/** Runs in the page before anything of it: takes the bindings away from it and leaves the named functions. */
function pageScript(base: string): string {
  const channels = Object.keys(ipc).map((channel) => [channel, bridgeName(channel)])
  return `(() => {
  const invoke = globalThis.${invokeBinding}
  const events = globalThis.${eventsBinding}
  delete globalThis.${invokeBinding}
  delete globalThis.${eventsBinding}
  if (window.top !== window || !location.href.startsWith(${JSON.stringify(base)})) return
  const listeners = new Set()
  const bridge = {
    onEvent(listener) {
      if (typeof listener !== 'function') throw new TypeError('listener')
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
  for (const [channel, name] of ${JSON.stringify(channels)}) {
    bridge[name] = async (args) => JSON.parse(await invoke(channel, args))
  }
  Object.defineProperty(window, 'vigil', { value: Object.freeze(bridge), enumerable: true })
  const pump = async () => {
    for (;;) {
      for (const event of await events()) {
        for (const listener of [...listeners]) {
          try { listener(event) } catch (error) { reportError(error) }
        }
      }
    }
  }
  pump().catch(() => {})
})()`
}
