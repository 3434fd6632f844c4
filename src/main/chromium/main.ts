import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadConfig } from '../config/index.ts'
import { endOnFault } from '../faults.ts'
import { steadyClock } from '../lock/index.ts'
import { openLog } from '../log.ts'
import { forkHost } from '../tokens/index.ts'
import { keytarVault } from '../vault/index.ts'
import { ensureSecretService } from '../vault/secret-service.ts'
import { createWorkstation } from '../workstation.ts'
import { findBrowser } from './browser.ts'
import type { WindowOptions } from './flags.ts'
import { createChromiumShell } from './shell.ts'

const usage =
  'usage: node src/main/chromium/main.ts --config FILE [--headless] [--debug-port N] [--screen WxH]'
const project = resolve(import.meta.dirname, '../../..')

/** The command line. @throws Error that says what is wrong with it */
function readArguments(argv: string[]): { configFile: string; window: WindowOptions } {
  const { values } = parseArgs({
    args: argv,
    options: {
      config: { type: 'string' },
      headless: { type: 'boolean', default: false },
      'debug-port': { type: 'string' },
      screen: { type: 'string' },
    },
  })
  const port = values['debug-port'] === undefined ? null : Number(values['debug-port'])
  if (port !== null && !(Number.isInteger(port) && port > 0 && port < 65_536))
    throw new Error('--debug-port: 1 to 65535')
  const size = values.screen === undefined ? null : /^(\d{3,5})x(\d{3,5})$/.exec(values.screen)
  if (values.screen !== undefined && !size) throw new Error('--screen: WIDTHxHEIGHT, for example 1920x1080')
  if (!values.config) throw new Error(usage)
  return {
    configFile: resolve(values.config),
    window: {
      headless: values.headless,
      debugPort: port,
      screen: size ? { width: Number(size[1]), height: Number(size[2]) } : null,
    },
  }
}

async function main(): Promise<void> {
  const { configFile, window } = readArguments(process.argv.slice(2))
  const config = loadConfig(configFile)
  if (!config.demo) {
    const port = window.debugPort === null ? '' : ', and --debug-port is refused outside the demo'
    throw new Error(`${configFile}: demo is false; the Chromium shell is for trying only${port}`)
  }
  console.log('Vigil in the Chromium shell: for trying only, not for clinical use (试用外壳，不得用于临床)')
  const log = openLog(config.dataDir)
  endOnFault(log, process.exit)
  const secrets = await ensureSecretService(config.dataDir)
  if (secrets.kind === 'private')
    console.log('no system keyring: a private one is used, below the data directory')
  const shell = createChromiumShell({
    ...window,
    browser: findBrowser(),
    random: randomBytes,
    exportsDir: join(config.dataDir, 'exports'),
  })
  const workstation = await createWorkstation({
    config,
    shell,
    vault: keytarVault(config.vaultService),
    log,
    clock: Date.now,
    steady: steadyClock,
    random: randomBytes,
    spawnHost: () => forkHost(),
    rendererDir: config.rendererDir ?? resolve(project, 'out/renderer'),
    version: JSON.parse(readFileSync(resolve(project, 'package.json'), 'utf8')).version,
  })

  let closing = false
  const close = async () => {
    if (closing) return
    closing = true
    await workstation.close().catch((error: unknown) => log.failure('close', error))
    secrets.stop()
    log.close()
    process.exit(0)
  }
  process.on('SIGTERM', close)
  process.on('SIGINT', close)
  shell.onSignal((signal) => {
    if (signal === 'quit') close()
  })
  await workstation.start()
  console.log('window ready')
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : 'the workstation could not start')
  process.exit(1)
})
