import type { BrowserContext, Page } from 'playwright-core'
import type { PageBridge } from './bridge.ts'

/** The one page beside the window: the images on another screen. */
export interface ImagesPage {
  /** Opens it where it is not open; `prepare` brings its content. */
  open(context: BrowserContext, prepare: (page: Page) => Promise<PageBridge>): Promise<void>
  close(): Promise<void>
  /** Whether a page that has appeared is this one; waits for an opening under way. */
  isOwn(page: Page): Promise<boolean>
  isOpen(): boolean
  page(): Page | null
  bridge(): PageBridge | null
  onChange(listener: (open: boolean) => void): void
}

export function createImagesPage(): ImagesPage {
  const listeners = new Set<(open: boolean) => void>()
  let opening: Promise<Page> | null = null
  let page: Page | null = null
  let bridge: PageBridge | null = null

  const tell = (open: boolean) => {
    for (const listener of listeners) listener(open)
  }

  return {
    async open(context, prepare) {
      if (opening) return
      opening = context.newPage()
      try {
        const opened = await opening
        page = opened
        opened.on('close', () => {
          if (page !== opened) return
          page = null
          bridge = null
          opening = null
          tell(false)
        })
        bridge = await prepare(opened)
        tell(true)
      } catch (error) {
        await page?.close().catch(() => {})
        opening = null
        throw error
      }
    },
    async close() {
      const closed = await opening?.catch(() => null)
      await closed?.close()
    },
    async isOwn(other) {
      const own = await opening?.catch(() => null)
      return other === own
    },
    isOpen: () => page !== null,
    page: () => page,
    bridge: () => bridge,
    onChange: (listener) => void listeners.add(listener),
  }
}
