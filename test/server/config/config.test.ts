import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultConfigText, GatewayConfig, readConfig } from '../../../src/server/config/index.ts'

async function read(text: string) {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-config-'))
  const file = join(dir, 'vigil.yaml')
  await writeFile(file, text)
  return { dir, config: readConfig(file, dir) }
}

describe('configuration file', () => {
  it('as written by init holds exactly the defaults, every key named', async () => {
    const { dir, config } = await read(defaultConfigText)
    const expected = GatewayConfig.parse({})
    expect(await config).toEqual({
      ...expected,
      archive: { kind: 'folder', path: join(dir, 'studies') },
      backup: { ...expected.backup, directory: join(dir, 'backups') },
    })
    for (const key of Object.keys(expected)) expect(defaultConfigText).toContain(`\n${key}:`)
  })

  it('takes the files of audit shipping below the directory, and needs all three', async () => {
    const tls = 'tls: { caFile: ca.pem, certificateFile: /etc/log.pem, keyFile: log.key }'
    const { dir, config } = await read(`audit: { shipping: { host: log, ${tls} } }`)
    expect((await config).audit.shipping).toMatchObject({
      port: 6514,
      tls: { caFile: join(dir, 'ca.pem'), certificateFile: '/etc/log.pem', keyFile: join(dir, 'log.key') },
    })
    const without = await read('audit: { shipping: { host: log, tls: { caFile: ca.pem } } }')
    await expect(without.config).rejects.toThrow('audit.shipping.tls.keyFile')
  })

  it('may be empty', async () => {
    expect((await (await read('')).config).listen.apiPort).toBe(8443)
  })

  it.each([
    ['an unknown key', 'listten: {}', 'listten: unknown key'],
    ['an unknown inner key', 'listen: { prt: 1 }', 'listen.prt: unknown key'],
    ['a wrong type', 'listen: { apiPort: "x" }', 'listen.apiPort:'],
    ['a port out of range', 'listen: { apiPort: 70000 }', 'listen.apiPort:'],
    ['an unknown archive kind', 'archive: { kind: tape }', 'archive.kind:'],
    ['a bad target', 'criticalTargets: [{ name: his, kind: hl7-mllp, host: h }]', 'criticalTargets.0.port:'],
    [
      'a shift of zero',
      'startingPolicy: { session: { shiftHours: 0 } }',
      'startingPolicy.session.shiftHours:',
    ],
    [
      'a weak password',
      'startingPolicy: { password: { minLength: 7 } }',
      'startingPolicy.password.minLength:',
    ],
    [
      'two targets of one name',
      'criticalTargets: [{ name: his, kind: hl7-mllp, host: a, port: 1 }, { name: his, kind: hl7-mllp, host: b, port: 1 }]',
      'criticalTargets: two targets of one name',
    ],
    ['broken YAML', 'listen: [', 'line 1'],
    ['a key twice', 'hospital: a\nhospital: b', 'line 2'],
  ])('names %s', async (_, text, expected) => {
    await expect((await read(text)).config).rejects.toThrow(expected)
  })
})
