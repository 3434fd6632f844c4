import { spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectRoot } from '../../../demo/places.ts'
import { dataDirectory, initialise } from '../../../src/server/data-directory/index.ts'
import { openFoundation } from '../../../src/server/open-foundation.ts'
import { contentOf, openDictionary } from '../critical/dictionary/on-a-store.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-scan-'))
  await initialise(dir, { clock: Date.now })
})
afterEach(() => rm(dir, { recursive: true }))

function scan(text: string, ...args: string[]) {
  const run = spawnSync(
    process.execPath,
    ['src/server/cli/vigil.ts', 'critical', 'scan', '--jsonl', ...args],
    {
      cwd: projectRoot,
      encoding: 'utf8',
      input: `${JSON.stringify({ id: '1', text })}\n`,
    },
  )
  return JSON.parse(run.stdout).findings.map(({ type }: { type: string }) => type)
}

it("critical scan grades by the dictionary in force of a data directory, or the product's own", async () => {
  const text = '左侧张力性气胸。考虑肺栓塞。'
  expect(scan(text)).toEqual(['TENSION_PNEUMOTHORAX', 'PULMONARY_EMBOLISM'])
  expect(scan(text, '--dir', dir)).toEqual(['TENSION_PNEUMOTHORAX', 'PULMONARY_EMBOLISM'])
  const foundation = await openFoundation(dataDirectory(dir), {
    clock: Date.now,
    log: pino({ level: 'silent' }),
  })
  await (await openDictionary(foundation)).publish(contentOf('PULMONARY_EMBOLISM'))
  await foundation.store.close()
  expect(scan(text, '--dir', dir)).toEqual(['PULMONARY_EMBOLISM'])
}, 60_000)
