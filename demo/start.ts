import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ensureRendererBuilt } from '../scripts/build-renderer.ts'
import { ensureSystemPackages } from '../scripts/system-packages.ts'
import { describe, readCard, writeCard } from './card.ts'
import { places } from './places.ts'
import type { Running } from './processes.ts'

/**
 * `npm start`: prepares the demo once, then runs receiver, gateway and workstation until the window is closed.
 * `--headless` needs no display; `--debug-port N` lets a debugging client attach to the window.
 */

const started = performance.now()
const options = readOptions()
const debugPort = options['debug-port']
if (debugPort !== undefined && !/^\d{2,5}$/.test(debugPort)) fail(['--debug-port: a port number'])

const missing = ensureSystemPackages('demo')
if (missing.length > 0) fail(missing)

// Only now: these load native modules that need what was just installed.
const [
  { describeMessage, startReceiver },
  { createClinicians },
  { prepare, renewRevocationList },
  { enrolWorkstation },
  processes,
  { ensureSecretService },
] = await Promise.all([
  import('./receiver.ts'),
  import('./clinicians.ts'),
  import('./prepare.ts'),
  import('./enrol.ts'),
  import('./processes.ts'),
  import('../src/main/vault/secret-service.ts'),
])

const known = readCard()
if (!known) console.log('Preparing the demo, once (keys, accounts, synthetic studies, window) …')
const [card] = await Promise.all([
  known ?? prepare(Date.now(), (line) => console.log(line)),
  ensureRendererBuilt(),
])
await ensureSecretService(places.workstation)
await renewRevocationList(Date.now())

const running: Running[] = []
const clinicians = createClinicians({
  url: `http://127.0.0.1:${card.repliesPort}/replies`,
  secret: readFileSync(places.repliesSecret, 'utf8'),
  pace: { received: 20, handled: 60 },
  say: (line) => console.log(line),
})
const receiver = await startReceiver({
  port: card.receiverPort,
  onMessage: (message) => {
    console.log(describeMessage(message))
    clinicians.hear(message)
  },
}).catch((error: NodeJS.ErrnoException) => {
  if (error.code !== 'EADDRINUSE') throw error
  return fail([`Port ${card.receiverPort} is taken: is the demo running already?`])
})
try {
  const gateway = await processes.startGateway(places.gateway)
  running.push(gateway)
  if (!card.enrolled) {
    await enrolWorkstation(places.workstationConfig, places.gateway)
    writeCard({ ...card, enrolled: true })
  }
  const headless = options.headless || !hasDisplay()
  if (headless && !options.headless) console.log('No display found: running without a window on screen.')
  const workstation = await processes.startChromiumWorkstation(places.workstationConfig, [
    ...(headless ? ['--headless'] : []),
    ...(debugPort ? ['--debug-port', debugPort] : []),
  ])
  running.push(workstation)
  console.log(`\nVigil is running (Chromium shell, ${((performance.now() - started) / 1000).toFixed(1)} s).`)
  console.log(describe(card))
  if (debugPort) console.log(`Debugging client: http://127.0.0.1:${debugPort}`)
  console.log(
    'Alerts that the hospital accepts are printed below; its ward acknowledges each after 20 s and says after 60 s what was\n' +
      'done, but for 消化道穿孔 (perforation): nobody answers that, and it goes from hop to hop. Ctrl+C or closing the window stops.\n',
  )
  await Promise.race([gateway.ended, workstation.ended, signalled()])
} finally {
  for (const part of running.reverse()) await part.stop()
  clinicians.close()
  await receiver.close()
}
// The private keyring, where one was started, ends with this process.
process.exit(process.exitCode ?? 0)

function readOptions() {
  try {
    return parseArgs({
      options: { headless: { type: 'boolean', default: false }, 'debug-port': { type: 'string' } },
    }).values
  } catch (error) {
    return fail([(error as Error).message, 'npm start -- [--headless] [--debug-port N]'])
  }
}

function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}

function fail(sentences: readonly string[]): never {
  for (const sentence of sentences) console.error(sentence)
  process.exit(1)
}
