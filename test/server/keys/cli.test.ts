import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { auditCommand } from '../../../src/server/cli/audit.ts'
import { initCommand } from '../../../src/server/cli/init.ts'
import { keysCommand } from '../../../src/server/cli/keys.ts'
import { makeHsm, softHsmMissing } from '../protection/hsm.ts'

const root = mkdtempSync(join(tmpdir(), 'vigil-keys-'))
const dir = join(root, 'data')
const cli = join(import.meta.dirname, '../../../src/server/cli/vigil.ts')
afterAll(() => {
  delete process.env.SOFTHSM2_CONF
  rmSync(root, { recursive: true, force: true })
})

/** The product's own command in this process: what it prints, and what it ends with. */
async function vigil(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const to = (where: 'out' | 'err') => (text: string) => {
    said[where] += `${text}\n`
  }
  vi.spyOn(console, 'log').mockImplementation(to('out'))
  vi.spyOn(console, 'error').mockImplementation(to('err'))
  const typed = (async function* () {
    yield input
  })()
  const program = new Command('vigil')
  for (const command of [initCommand(), auditCommand(), keysCommand(typed)]) program.addCommand(command)
  for (const command of [program, ...program.commands.flatMap((one) => [one, ...one.commands])])
    command.exitOverride().configureOutput({ writeErr: to('err') })
  process.exitCode = 0
  try {
    await program.parseAsync([...args, '--dir', dir], { from: 'user' })
  } catch (error) {
    said.err += (error as Error).message
    process.exitCode = 1
  }
  const code = process.exitCode
  process.exitCode = 0
  vi.restoreAllMocks()
  return { code, ...said }
}
/** The five lines of each paper. */
const papersIn = (out: string) =>
  out
    .split('share ')
    .slice(1)
    .map((text) => text.match(/^ {2}\d {2}.*$/gm) ?? [])

const masterKey = join(dir, 'master.key')

describe('vigil keys', { timeout: 60_000 }, () => {
  let papers: string[][]

  it('lists, rotates and changes the master key', async () => {
    expect((await vigil(['init'])).code).toBe(0)
    const before = readFileSync(masterKey, 'utf8')
    expect((await vigil(['keys', 'rotate'])).out).toContain('field: generation 2 is in use')
    expect((await vigil(['keys', 'rotate', '--purpose', 'master'])).out).toContain('make a new escrow')
    expect(readFileSync(masterKey, 'utf8')).not.toBe(before)
    const { out } = await vigil(['keys', 'list'])
    expect(out).toMatch(/field +1 +retired/)
    expect(out).toMatch(/field +2 +current/)
    expect(out).toMatch(/master +1 +retired/)
    const index = await vigil(['keys', 'rotate', '--purpose', 'index'])
    expect(index.code).toBe(1)
    expect(index.err).toContain('Allowed choices')
    expect((await vigil(['audit', 'verify'])).code).toBe(0)
  })

  it('brings a lost master key back from three papers', async () => {
    const escrow = await vigil(['keys', 'escrow', '--shares', '5', '--threshold', '3'])
    papers = papersIn(escrow.out)
    expect(papers.map((lines) => lines.length)).toEqual([5, 5, 5, 5, 5])
    const lost = readFileSync(masterKey, 'utf8')
    rmSync(masterKey)
    const without = await vigil(['keys', 'list'])
    expect(without).toMatchObject({ code: 1 })
    expect(without.err).toContain(`${masterKey}: no master key`)
    const line = papers[3]![1]!
    const wrong = `${line.slice(0, 6)}${line[6] === '7' ? '8' : '7'}${line.slice(7)}`
    const mistyped = [papers[1]!, papers[3]!.with(1, wrong), papers[4]!].flat().join('\n')
    const refused = await vigil(['keys', 'recover'], mistyped)
    expect(refused).toMatchObject({ code: 1, out: '' })
    expect(refused.err).toContain('share 2 as typed: line 2 is mistyped')
    expect(existsSync(masterKey)).toBe(false)
    const good = spawnSync(process.execPath, [cli, 'keys', 'recover', '--dir', dir], {
      input: [papers[1]!, papers[3]!, papers[4]!].flat().join('\n'),
      encoding: 'utf8',
    })
    expect(good).toMatchObject({ status: 0 })
    expect(readFileSync(masterKey, 'utf8')).toBe(lost)
    expect((await vigil(['audit', 'verify'])).code).toBe(0)
    const bytes = ['vigil.db', 'vigil.db-wal']
      .map((name) => join(dir, name))
      .filter((name) => existsSync(name))
    for (const file of bytes)
      for (const paper of papers.flat()) expect(readFileSync(file).includes(paper.slice(3, 22))).toBe(false)
  })

  it('writes nothing where the papers are of another database', async () => {
    const key = readFileSync(masterKey, 'utf8')
    expect((await vigil(['keys', 'rotate', '--purpose', 'master'])).code).toBe(0)
    const now = readFileSync(masterKey, 'utf8')
    expect(now).not.toBe(key)
    const old = await vigil(['keys', 'recover'], papers.flat().join('\n'))
    expect(old).toMatchObject({ code: 1 })
    expect(old.err).toContain('does not stand under master key')
    expect(readFileSync(masterKey, 'utf8')).toBe(now)
  })

  it.skipIf(softHsmMissing !== '')(
    `moves to a security module, and survives its loss ${softHsmMissing}`,
    async () => {
      const hsm = makeHsm(root)
      process.env.SOFTHSM2_CONF = hsm.conf
      const { module, tokenLabel, keyLabel, pinFile } = hsm.key
      const of = [
        '--module',
        module,
        '--token-label',
        tokenLabel,
        '--key-label',
        keyLabel,
        '--pin-file',
        pinFile,
      ]
      expect((await vigil(['keys', 'init-hsm', ...of])).out).toContain('not extractable')
      const moved = await vigil(['keys', 'rewrap', '--to', 'pkcs11', ...of])
      expect(moved.code).toBe(0)
      const config = join(dir, 'vigil.yaml')
      const text = readFileSync(config, 'utf8')
      const before = await vigil(['keys', 'list'])
      expect(before.err).toContain(`${masterKey}: not the key of`)
      writeFileSync(
        config,
        text.replace(/^masterKey:\n {2}kind: file\n/m, moved.out.slice(moved.out.indexOf('masterKey:'))),
      )
      rmSync(masterKey)
      expect((await vigil(['keys', 'rotate', '--purpose', 'archive'])).code).toBe(0)
      const escrow = papersIn((await vigil(['keys', 'escrow'])).out)
      hsm.removeTokens()
      const gone = await vigil(['keys', 'list'])
      expect(gone.err).toContain(`token ${tokenLabel}, key ${keyLabel}: no token of this label is there`)
      expect(gone.err).not.toContain(hsm.pin)
      const recovered = await vigil(['keys', 'recover'], escrow.slice(0, 3).flat().join('\n'))
      expect(recovered.out).toContain('set masterKey.kind to file')
      writeFileSync(config, text)
      expect((await vigil(['keys', 'list'])).code).toBe(0)
      expect((await vigil(['audit', 'verify'])).code).toBe(0)
    },
  )
})
