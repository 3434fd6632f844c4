import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { app } from 'electron'
import { loadConfig } from '../config/index.ts'
import { endOnFault } from '../faults.ts'
import { steadyClock } from '../lock/index.ts'
import { openLog } from '../log.ts'
import { keytarVault } from '../vault/index.ts'
import { createWorkstation } from '../workstation.ts'
import { registerScheme } from './content-protocol.ts'
import { hardenContents, refusedSwitch } from './hardening.ts'
import { createElectronShell } from './shell.ts'
import { forkUtilityHost } from './token-host.ts'

/** Where IT puts the configuration: a place that an ordinary user cannot write. */
function machineConfig(): string {
  if (process.platform === 'win32')
    return join(process.env.ProgramData ?? 'C:\\ProgramData', 'Vigil', 'workstation.json')
  if (process.platform === 'darwin') return '/Library/Application Support/Vigil/workstation.json'
  return '/etc/vigil/workstation.json'
}

/** An installed workstation reads the machine's file and no other; in development `--config=FILE` names one. */
function configFile(): string {
  const named = app.commandLine.getSwitchValue('config')
  return !app.isPackaged && named !== '' ? named : machineConfig()
}

async function start(): Promise<void> {
  const config = loadConfig(configFile())
  const log = openLog(config.dataDir)
  endOnFault(log, (code) => app.exit(code))
  const shell = createElectronShell({
    preload: join(import.meta.dirname, '../preload/index.cjs'),
    packaged: app.isPackaged,
    demo: config.demo,
  })
  const workstation = await createWorkstation({
    config,
    shell,
    vault: keytarVault(config.vaultService),
    log,
    clock: Date.now,
    steady: steadyClock,
    random: randomBytes,
    spawnHost: () => forkUtilityHost(join(import.meta.dirname, 'token-host.js')),
    rendererDir: config.rendererDir ?? join(import.meta.dirname, '../renderer'),
    version: app.getVersion(),
  })
  let closing = false
  shell.onSignal((signal) => {
    if (signal !== 'quit' || closing) return
    closing = true
    void workstation
      .close()
      .catch((error: unknown) => log.failure('close', error))
      .finally(() => app.exit(0))
  })
  await workstation.start()
}

function run(): void {
  const refused = refusedSwitch(app.isPackaged)
  if (refused !== null) {
    console.error(`--${refused} is refused`)
    app.exit(1)
    return
  }
  if (!app.requestSingleInstanceLock()) {
    app.exit(0)
    return
  }
  // No crash reporter is started: a dump holds patients' data, and none leaves the machine.
  app.enableSandbox()
  registerScheme()
  app.on('web-contents-created', (_event, contents) => hardenContents(contents))
  app
    .whenReady()
    .then(start)
    .catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : 'the workstation could not start')
      app.exit(1)
    })
}

run()
