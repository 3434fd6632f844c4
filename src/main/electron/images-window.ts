import { BrowserWindow, screen } from 'electron'
import { securePreferences } from './hardening.ts'

/**
 * The window for images, not shown yet: on a screen that the first window is not on, where there is one. Hardened as the first is:
 * the same preferences, in the same session, which the first window's opening hardened; every contents is denied navigation by main.ts.
 */
export function openImagesWindow(
  first: BrowserWindow,
  options: { preload: string; packaged: boolean; demo: boolean },
): BrowserWindow {
  const used = screen.getDisplayMatching(first.getBounds())
  const other = screen.getAllDisplays().find((display) => display.id !== used.id)
  const opened = new BrowserWindow({
    ...(other?.workArea ?? { width: 1200, height: 900 }),
    minWidth: 640,
    minHeight: 480,
    show: false,
    backgroundColor: '#000000',
    webPreferences: securePreferences(options.preload, options.packaged),
  })
  opened.setContentProtection(!options.demo)
  opened.webContents.on('render-process-gone', () => {
    if (!opened.isDestroyed()) opened.destroy()
  })
  return opened
}
