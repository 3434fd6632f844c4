import { existsSync } from 'node:fs'
import { join } from 'node:path'

const linux = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/snap/bin/chromium',
]
const mac = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]
const windows = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
  'Chromium\\Application\\chrome.exe',
]

/**
 * The installed Chromium, Chrome or Edge; VIGIL_BROWSER names another.
 * @throws Error that says what to install.
 */
export function findBrowser(env = process.env, platform = process.platform, exists = existsSync): string {
  const programs = [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA].filter((base) => base)
  const places = {
    win32: programs.flatMap((base) => windows.map((path) => join(base ?? '', path))),
    darwin: mac,
  }
  const candidates = places[platform as 'win32' | 'darwin'] ?? linux
  const found = [env.VIGIL_BROWSER ?? '', ...candidates].find((path) => path !== '' && exists(path))
  if (!found) throw new Error('no Chromium, Chrome or Edge found; install one, or name it in VIGIL_BROWSER')
  return found
}
