import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '../../demo/places.ts'
import { findBrowser } from '../../src/main/chromium/browser.ts'
import { initialise } from '../../src/server/data-directory/index.ts'
import { loggable } from '../../src/server/http/index.ts'

/** An error that nothing catches, in the real processes: they end, and what the error says goes nowhere. */
const canary = '尉迟珍珠 PIN 246810'
const dir = mkdtempSync(join(tmpdir(), 'vigil-faults-'))
const gatewayDir = join(dir, 'gateway')
beforeAll(async () => {
  const configText = JSON.stringify({ listen: { apiPort: 0, enrolmentPort: 0 } })
  await initialise(gatewayDir, { clock: Date.now, configText })
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** Runs a program of the product with a fault planted in it, which comes when the program says that it is ready. */
function run(args: string[], ready: RegExp, fault: string): Promise<{ code: number | null; said: string }> {
  const planted = join(dir, 'planted.mjs')
  writeFileSync(planted, `process.once('SIGUSR2', () => { ${fault} })`)
  const env = { ...process.env, NODE_OPTIONS: `--import=${pathToFileURL(planted).href}` }
  const child = spawn(process.execPath, args, { cwd: projectRoot, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const late = setTimeout(() => child.kill('SIGKILL'), 25_000)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      const before = said
      said += chunk
      if (ready.test(said) && !ready.test(before)) child.kill('SIGUSR2')
    })
  return new Promise((resolve) =>
    child.once('close', (code) => {
      clearTimeout(late)
      resolve({ code, said })
    }),
  )
}

const faults = [
  ['an exception', `setTimeout(() => { throw new TypeError('${canary}') })`],
  [
    'a rejection',
    `Promise.reject(Object.assign(new Error('${canary}'), { patient: '${canary}', cause: '${canary}' }))`,
  ],
  ['a rejection with a text', `Promise.reject('${canary}')`],
] as const

describe('a fault of the gateway', () => {
  it.each(faults)('by %s ends it, and is told by its kind alone', async (_, fault) => {
    const { code, said } = await run(
      ['src/server/cli/vigil.ts', 'serve', '--dir', gatewayDir],
      /^vigil: serving/m,
      fault,
    )
    expect(code).toBe(1)
    expect(said).toMatch(
      /^vigil: fault \{"event":"(uncaughtException|unhandledRejection)","type":"(TypeError|Error|string)"/m,
    )
    for (const secret of canary.split(' PIN ')) expect(said).not.toContain(secret)
  })

  it('is written without its message, even where that looks like a place in the code', () => {
    const told = loggable(new Error(`first\n    at ${canary}\n    at second`))
    expect(JSON.stringify(told)).not.toContain(canary)
    expect(told.at[0]).toContain('faults.test.ts')
  })
})

let browserMissing = false
try {
  findBrowser()
} catch {
  browserMissing = true
}

describe.skipIf(browserMissing)('a fault of the workstation (skipped without a browser)', () => {
  it.each(faults.slice(0, 2))('by %s ends it, and is logged by its kind alone', async (_, fault) => {
    const dataDir = mkdtempSync(join(dir, 'workstation-'))
    const rendererDir = join(dataDir, 'renderer')
    mkdirSync(rendererDir)
    writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>Vigil</title>')
    const configFile = join(dataDir, 'config.json')
    const tokens = { pkcs11Policy: null, mediaDirectories: [], scanMounts: false }
    const config = { dataDir, name: 'one', demo: true, vaultService: 'Vigil faults', rendererDir, tokens }
    writeFileSync(configFile, JSON.stringify(config))
    const args = ['src/main/chromium/main.ts', '--config', configFile, '--headless']
    const { code, said } = await run(args, /window ready/, fault)
    expect(code).toBe(1)
    const log = readFileSync(join(dataDir, 'workstation.log'), 'utf8')
    expect(log).toMatch(
      /"event":"(uncaughtException|unhandledRejection)".*"code":"internal","kind":"(Type)?Error"/,
    )
    for (const secret of canary.split(' PIN ')) expect(said + log).not.toContain(secret)
  })
})
