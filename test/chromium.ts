import { existsSync } from 'node:fs'
import { type Browser, chromium, type LaunchOptions } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Why no browser can be run here, for `describe.skipIf`; false when one can. */
export const noChromium = existsSync(executablePath) ? false : `${executablePath} is not installed`

/**
 * Debian's Chromium with software GL, as on a machine without a display. Only WebGL goes through it: to draw the page with it
 * as well was half of what a window test cost.
 */
export function launchChromium(options: Pick<LaunchOptions, 'handleSIGTERM'> = {}): Promise<Browser> {
  return chromium.launch({
    ...options,
    executablePath,
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-gpu-compositing',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
