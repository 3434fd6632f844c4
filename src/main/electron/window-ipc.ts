import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron'
import type { WindowServices } from '../shell.ts'
import { isRendererUrl } from './origin.ts'

/** The two names that cross; src/preload/index.ts uses the same. */
const invokeChannel = 'vigil:invoke'
export const eventChannel = 'vigil:event'

/** A window of ours, and what it may ask for. */
export interface ServedWindow {
  window: BrowserWindow
  invoke: WindowServices['invoke']
}

/** The only importer of ipcMain. A call counts only from the main frame of a window of ours at our own origin. */
export function serveWindows(served: () => readonly ServedWindow[]): void {
  ipcMain.handle(invokeChannel, async (event, channel: unknown, args: unknown) => {
    for (const { window, invoke } of served()) if (isFromWindow(event, window)) return invoke(channel, args)
    return { ok: false, failure: { code: 'permission-denied' } }
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
