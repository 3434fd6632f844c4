import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { dataDirectory } from '../../../src/server/data-directory/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { openHsm } from '../../../src/server/protection/index.ts'
import { makeHsm, softHsmMissing } from '../protection/hsm.ts'
import { by, openGatewayDirectory } from './gateway-directory.ts'
import { vigilBackup, vigilKeys } from './vigil-command.ts'

const variable = 'VIGIL_TEST_MASTER_KEY'
let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'vigil-backup-key-'))
})
afterEach(async () => {
  delete process.env[variable]
  delete process.env.SOFTHSM2_CONF
  await rm(root, { recursive: true, force: true })
})

/**
 * A gateway under this master key that was backed up, sent to a second site, and drilled; then its machine is lost. What is left is
 * the site, a vigil.yaml, and `papers`: the master key in shares.
 */
async function lostGateway(masterKey: object, setting: () => void = () => {}): Promise<{ papers: string }> {
  const site = join(root, 'site')
  await mkdir(site)
  setting()
  const gateway = await openGatewayDirectory({
    masterKey,
    backup: { offSite: [{ name: 'site', kind: 'directory', path: site }] },
  })
  await gateway.write('kept')
  await gateway.backups.run('full', by)
  await gateway.backups.send()
  const drill = await gateway.backups.drill(by)
  expect([drill.outcome, drill.source]).toEqual(['passed', 'site'])
  await mkdir(join(root, 'new'))
  await copyFile(gateway.paths.config, join(root, 'new', 'vigil.yaml'))
  setting()
  const { said: papers } = await vigilKeys(
    '',
    'escrow',
    '--dir',
    gateway.dir,
    '--shares',
    '2',
    '--threshold',
    '2',
  )
  await gateway.close()
  return { papers }
}

const restore = (name: string, ...more: string[]) =>
  vigilBackup(
    ...['restore', '--config', join(root, 'new', 'vigil.yaml'), '--from', 'site'],
    ...['--to', join(root, name), ...more],
  )

/** The restored gateway starts, and has what was written. */
async function expectOpens(name: string): Promise<void> {
  const foundation = await openFoundation(dataDirectory(join(root, name)), {
    clock: Date.now,
    log: pino({ level: 'silent' }),
  })
  const rows = await foundation.store.db.selectFrom('settings').select('name').execute()
  expect(rows.map((row) => row.name)).toContain('kept')
  expect((await foundation.audit.verify()).faults).toEqual([])
  await foundation.store.close()
}

describe('a restore whose master key comes from the environment', () => {
  const key = Buffer.alloc(32, 9).toString('base64')
  const set = () => {
    process.env[variable] = key
  }

  it('takes it from there, and says what is needed where it is not there', async () => {
    await lostGateway({ kind: 'environment', variable }, set)
    const unproven = await vigilBackup('list', '--config', join(root, 'new', 'vigil.yaml'), '--from', 'site')
    expect(unproven.code).toBe(1)
    expect(unproven.said).toMatch(/full +unproven +up to .*opens by master key [0-9a-f]{16} alone/s)
    const without = await restore('without')
    expect(without.code).toBe(1)
    expect(without.said).toMatch(new RegExp(`environment variable ${variable}: no master key in it`))
    expect(without.said).toMatch(/opens by master key [0-9a-f]{16} alone/)
    process.env[variable] = Buffer.alloc(32, 8).toString('base64')
    expect((await restore('wrong')).said).toMatch(
      /needs master key [0-9a-f]{16}; [0-9a-f]{16} is not the master key/,
    )
    expect((await readdir(root)).sort()).toEqual(['new', 'site'])

    set()
    expect(
      (await vigilBackup('list', '--config', join(root, 'new', 'vigil.yaml'), '--from', 'site')).said,
    ).toMatch(/full\s+whole/)
    set()
    expect(await restore('restored')).toMatchObject({
      code: 0,
      said: expect.stringContaining('ok     audit-chain'),
    })
    expect(process.env[variable]).toBeUndefined()
    set()
    await expectOpens('restored')
  })
})

describe.skipIf(softHsmMissing !== '')(
  `a restore whose master key is in a security module ${softHsmMissing}`,
  () => {
    it('opens by the module; without it, says what is needed, and opens by the paper shares', async () => {
      mkdirSync(join(root, 'hsm'))
      const hsm = makeHsm(join(root, 'hsm'))
      process.env.SOFTHSM2_CONF = hsm.conf
      await openHsm(hsm.key).make()
      const { papers } = await lostGateway({ kind: 'pkcs11', ...hsm.key })
      expect((await restore('by-module')).code).toBe(0)
      await expectOpens('by-module')

      // A machine that the module is not at, and then one at which another module has a key of the same name.
      hsm.removeTokens()
      const absent = await restore('absent')
      expect(absent.code).toBe(1)
      expect(absent.said).toMatch(/token vigil, key vigil-master: no token of this label is there/)
      expect(absent.said).toMatch(
        /opens by master key [0-9a-f]{16} alone: .*paper shares together \(vigil keys recover --out FILE\)/,
      )
      hsm.initialise(hsm.key.tokenLabel)
      await openHsm(hsm.key).make()
      expect((await restore('another')).said).toContain('is not the one that the database stands under')
      expect((await readdir(root)).sort()).toEqual(['by-module', 'hsm', 'new', 'site'])

      const file = join(root, 'new', 'master.key')
      const recovered = await vigilKeys(papers, 'recover', '--out', file)
      expect(recovered).toMatchObject({ code: 0, said: expect.stringContaining('from shares 1, 2') })
      const { code, said } = await restore('by-papers', '--master-key', file)
      expect([code, said]).toEqual([0, expect.stringContaining('set masterKey: { kind: file }')])
      const config = join(root, 'by-papers', 'vigil.yaml')
      const { masterKey: _, ...rest } = JSON.parse(readFileSync(config, 'utf8'))
      writeFileSync(config, JSON.stringify({ ...rest, masterKey: { kind: 'file' } }))
      await expectOpens('by-papers')
    })
  },
)
