import { app, type Session, type WebContents, type WebPreferences } from 'electron'
import { isRendererUrl } from './origin.ts'

/** The window's preferences. Each line is asserted by test/main/electron. */
export function securePreferences(preload: string, packaged: boolean): WebPreferences {
  return {
    preload,
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
    navigateOnDragDrop: false,
    // A critical value rings also where nobody has touched the page since it was loaded again.
    autoplayPolicy: 'no-user-gesture-required',
    spellcheck: false,
    devTools: !packaged,
  }
}

/** Denies the session every permission, download and foreign address. */
export function hardenSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false))
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}))
  session.on('will-download', (event) => event.preventDefault())
  // Whatever is not the renderer's own scheme never reaches the network.
  session.webRequest.onBeforeRequest((details, callback) => {
    const own = isRendererUrl(details.url) || /^(data|blob|devtools):/.test(details.url)
    callback({ cancel: !own })
  })
}

/** Denies every page, whichever way it came to be, navigation, new windows and webviews. */
export function hardenContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isRendererUrl(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!isRendererUrl(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => {
    if (!isRendererUrl(event.url)) event.preventDefault()
  })
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(() => ({ action: 'deny' }))
}

/** Switches that would let another program look into, or steer, the installed workstation. */
const refusedSwitches = [
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-address',
  'inspect',
  'inspect-brk',
  'js-flags',
  'load-extension',
  'disable-web-security',
  'no-sandbox',
  'ignore-certificate-errors',
  'proxy-server',
  'host-resolver-rules',
]

/** The first refused switch on the command line of an installed workstation, null where there is none. */
export function refusedSwitch(packaged: boolean): string | null {
  if (!packaged) return null
  return refusedSwitches.find((name) => app.commandLine.hasSwitch(name)) ?? null
}
