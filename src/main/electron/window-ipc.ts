import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { WindowServices } from '../shell.ts'
import { isRendererUrl } from './origin.ts'

/** The two names that cross; src/preload/index.ts uses the same. */
const invokeChannel = 'vigil:invoke'
export const eventChannel = 'vigil:event'

/** The only importer of ipcMain. A call counts only from the main frame of our own window at our own origin. */
export function serveWindow(window: BrowserWindow, invoke: WindowServices['invoke']): void {
  ipcMain.handle(invokeChannel, async (event, channel: unknown, args: unknown) => {
    if (!isFromWindow(event, window)) return { ok: false, failure: { code: 'permission-denied' } }
    return invoke(channel, args)
  })
}

function isFromWindow(event: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame
  return (
    !window.isDestroyed() &&
    frame !== null &&
    event.sender === window.webContents &&
    frame === window.webContents.mainFrame &&
    isRendererUrl(frame.url)
  )
}
