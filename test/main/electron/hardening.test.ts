import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FuseV1Options } from '@electron/fuses'
import { describe, expect, it } from 'vitest'
import { fuses } from '../../../scripts/fuses.ts'
import { isRendererUrl } from '../../../src/main/electron/origin.ts'

/**
 * The Electron runtime is not needed for these: each hardening is asserted from the source, and each assertion is shown
 * to fail on the source with that hardening taken out.
 */
const root = join(import.meta.dirname, '../../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const hardening = 'src/main/electron/hardening.ts'
const shell = 'src/main/electron/shell.ts'
const main = 'src/main/electron/main.ts'
const windowIpc = 'src/main/electron/window-ipc.ts'
const imagesWindow = 'src/main/electron/images-window.ts'

/** Comments do not count. */
const code = (source: string) => source.replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, '$1')

const required: [what: string, file: string, pattern: RegExp][] = [
  ['sandbox', hardening, /^\s*sandbox: true,$/m],
  ['contextIsolation', hardening, /^\s*contextIsolation: true,$/m],
  ['no nodeIntegration', hardening, /^\s*nodeIntegration: false,$/m],
  ['no nodeIntegration in workers', hardening, /^\s*nodeIntegrationInWorker: false,$/m],
  ['no nodeIntegration in frames', hardening, /^\s*nodeIntegrationInSubFrames: false,$/m],
  ['webSecurity', hardening, /^\s*webSecurity: true,$/m],
  ['no insecure content', hardening, /^\s*allowRunningInsecureContent: false,$/m],
  ['no webview', hardening, /^\s*webviewTag: false,$/m],
  [
    'a critical value rings without a gesture',
    hardening,
    /^\s*autoplayPolicy: 'no-user-gesture-required',$/m,
  ],
  ['a flash ends when the window is used', shell, /opened\.on\('focus', \(\) => attention\(false\)\)/],
  ['no flash of a window in use', shell, /window\.flashFrame\(on && !window\.isFocused\(\)\)/],
  ['no navigation by dropping', hardening, /^\s*navigateOnDragDrop: false,$/m],
  ['DevTools off when packaged', hardening, /^\s*devTools: !packaged,$/m],
  [
    'permission requests denied',
    hardening,
    /setPermissionRequestHandler\(\(_contents, _permission, callback\) => callback\(false\)\)/,
  ],
  ['permission checks denied', hardening, /setPermissionCheckHandler\(\(\) => false\)/],
  ['devices denied', hardening, /setDevicePermissionHandler\(\(\) => false\)/],
  [
    'screen capture denied',
    hardening,
    /setDisplayMediaRequestHandler\(\(_request, callback\) => callback\(\{\}\)\)/,
  ],
  ['downloads denied', hardening, /'will-download', \(event\) => event\.preventDefault\(\)/],
  ['foreign requests cancelled', hardening, /callback\(\{ cancel: !own \}\)/],
  [
    'navigation denied',
    hardening,
    /'will-navigate', \(event\) => \{\s*if \(!isRendererUrl\(event\.url\)\) event\.preventDefault\(\)/,
  ],
  [
    'frame navigation denied',
    hardening,
    /'will-frame-navigate', \(event\) => \{\s*if \(!isRendererUrl\(event\.url\)\) event\.preventDefault\(\)/,
  ],
  [
    'redirects denied',
    hardening,
    /'will-redirect', \(event\) => \{\s*if \(!isRendererUrl\(event\.url\)\) event\.preventDefault\(\)/,
  ],
  ['webviews prevented', hardening, /'will-attach-webview', \(event\) => event\.preventDefault\(\)/],
  ['window.open denied', hardening, /setWindowOpenHandler\(\(\) => \(\{ action: 'deny' \}\)\)/],
  ['debugging switches listed', hardening, /'remote-debugging-port'/],
  ['debugging switches refused when packaged', main, /refusedSwitch\(app\.isPackaged\)/],
  [
    'every contents hardened',
    main,
    /app\.on\('web-contents-created', \(_event, contents\) => hardenContents\(contents\)\)/,
  ],
  ['sandbox for every renderer', main, /app\.enableSandbox\(\)/],
  ['single instance', main, /if \(!app\.requestSingleInstanceLock\(\)\) \{\s*app\.exit\(0\)/],
  [
    'the machine configuration when packaged',
    main,
    /!app\.isPackaged && named !== '' \? named : machineConfig\(\)/,
  ],
  [
    'the secure preferences in use',
    shell,
    /webPreferences: securePreferences\(options\.preload, options\.packaged\)/,
  ],
  ['the session hardened', shell, /hardenSession\(opened\.webContents\.session\)/],
  ['content protection', shell, /setContentProtection\(!options\.demo\)/],
  ['lock on OS lock', shell, /powerMonitor\.on\('lock-screen', \(\) => signal\('os-lock'\)\)/],
  ['lock on suspend', shell, /powerMonitor\.on\('suspend', \(\) => signal\('suspend'\)\)/],
  ['lock on resume', shell, /powerMonitor\.on\('resume', \(\) => signal\('resume'\)\)/],
  [
    'no file once the session is locked or over',
    shell,
    /canceled \|\| filePath === '' \|\| signal\.aborted\) return null/,
  ],
  ['a clock that nobody can set', main, /steady: steadyClock,/],
  ['blank by a view over the page', shell, /covered\.contentView\.addChildView\(view\)/],
  [
    'both windows are blanked',
    shell,
    /\[window, images\]\.filter\([^;]*;?\s*if \(now\) for \(const each of windows\) cover\(/,
  ],
  ['a window that opens while blanked is covered', shell, /if \(blanked\) cover\(opened\)/],
  [
    'the images window: the same preferences',
    imagesWindow,
    /webPreferences: securePreferences\(options\.preload, options\.packaged\)/,
  ],
  ['the images window: content protection', imagesWindow, /opened\.setContentProtection\(!options\.demo\)/],
  ['the images window: its own few calls', shell, /invoke: imagesWindowServices\(services\)\.invoke/],
  ['the images window goes with the first', shell, /window = null\s*images\?\.destroy\(\)/],
  ['the system idle time', shell, /powerMonitor\.getSystemIdleTime\(\)/],
  ['sender: our contents', windowIpc, /event\.sender === window\.webContents/],
  ['sender: main frame', windowIpc, /frame === window\.webContents\.mainFrame/],
  ['sender: own origin', windowIpc, /isRendererUrl\(frame\.url\)/],
  [
    'sender checked before the call',
    windowIpc,
    /if \(isFromWindow\(event, window\)\) return invoke\(channel, args\)/,
  ],
  ['a privileged, secure scheme', 'src/main/electron/content-protocol.ts', /standard: true, secure: true/],
  ['content through protocol.handle', 'src/main/electron/content-protocol.ts', /protocol\.handle\(scheme/],
]

describe('the hardening of the Electron shell', () => {
  it.each(required)('%s', (_what, file, pattern) => {
    const source = code(read(file))
    expect(source).toMatch(pattern)
    const removed = source.replace(new RegExp(pattern.source, `${pattern.flags.replace('g', '')}g`), '')
    expect(removed).not.toMatch(pattern)
  })

  it('starts no crash reporter and weakens nothing by a switch', () => {
    const sources = readdirSync(join(root, 'src/main/electron')).map((file) =>
      code(read(`src/main/electron/${file}`)),
    )
    for (const source of sources) {
      expect(source).not.toMatch(
        /crashReporter|appendSwitch|openDevTools|setIgnoreMouseEvents|nodeIntegration: true/,
      )
    }
  })

  it('opens windows in the one session that is hardened, and nowhere else', () => {
    const makers = readdirSync(join(root, 'src/main/electron')).filter((file) =>
      /new BrowserWindow\(/.test(code(read(`src/main/electron/${file}`))),
    )
    expect(makers.sort()).toEqual(['images-window.ts', 'shell.ts'])
    for (const file of makers)
      expect(code(read(`src/main/electron/${file}`))).not.toMatch(
        /partition|session:|BrowserView|WebContentsView/,
      )
  })

  it('has one importer of ipcMain', () => {
    const importers = readdirSync(join(root, 'src/main/electron')).filter((file) =>
      /\bipcMain\b/.test(code(read(`src/main/electron/${file}`))),
    )
    expect(importers).toEqual(['window-ipc.ts'])
  })

  it.each([
    ['app://vigil/index.html', true],
    ['app://vigil/pixels/x', true],
    ['app://other/index.html', false],
    ['app://vigil.example/index.html', false],
    ['file:///etc/passwd', false],
    ['https://vigil/', false],
    ['javascript:alert(1)', false],
    ['about:blank', false],
    ['', false],
  ])('takes %s for its own: %s', (address, own) => {
    expect(isRendererUrl(address)).toBe(own)
  })
})

describe('the fuses', () => {
  it('decide every one that Electron has', () => {
    const all = Object.values(FuseV1Options).filter((value) => typeof value === 'number')
    expect(Object.keys(fuses).map(Number).sort()).toEqual(all.sort())
  })

  it('close the doors into the signed program', () => {
    expect(fuses).toMatchObject({
      [FuseV1Options.RunAsNode]: false,
      [FuseV1Options.EnableCookieEncryption]: true,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
      [FuseV1Options.EnableNodeCliInspectArguments]: false,
      [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
      [FuseV1Options.OnlyLoadAppFromAsar]: true,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
    })
  })

  it('have a reason each', () => {
    const lines = read('scripts/fuses.ts').split('\n')
    const settings = lines.flatMap((line, index) => (/^ {2}\[FuseV1Options\./.test(line) ? [index] : []))
    expect(settings).toHaveLength(Object.keys(fuses).length)
    for (const index of settings) expect(lines[index - 1]).toMatch(/^ {2}\/\/ .{20,}/)
  })

  it('are set by the installer build', () => {
    expect(read('electron-builder.yml')).toMatch(/^afterPack: \.\/scripts\/fuses\.ts$/m)
    expect(read('electron-builder.yml')).toMatch(/^asar: true$/m)
    expect(read('scripts/fuses.ts')).toMatch(/strictlyRequireAllFuses: true/)
  })
})
