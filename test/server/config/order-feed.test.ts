import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../../src/server/config/index.ts'

let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-config-'))
})
afterEach(() => rm(dir, { recursive: true }))

async function read(text: string) {
  const file = join(dir, 'vigil.yaml')
  await writeFile(file, text)
  return readConfig(file, dir)
}

describe('orderFeeds', () => {
  it('as documented is taken, with its files below the data directory', async () => {
    const page = readFileSync(new URL('../../../docs/operations/order-feed.md', import.meta.url), 'utf8')
    const example = /```yaml\n([\s\S]+?)```/.exec(page)?.[1] ?? ''
    const [feed] = (await read(example)).orderFeeds
    expect(feed).toMatchObject({
      name: 'his-orders',
      peers: ['10.0.0.20', '10.0.8.0/24'],
      tls: { certificateFile: join(dir, 'feed.pem'), clientCaFile: join(dir, 'his-ca.pem') },
      fields: { accessionNumber: ['ORC-2'] },
      codes: { modality: { '01': 'CT', '02': 'MR' }, patientClass: { '': 'outpatient' } },
    })
  })

  const feed = (more: object) =>
    JSON.stringify({ orderFeeds: [{ name: 'his', port: 2576, peers: ['10.0.0.1'], ...more }] })

  it.each([
    [{ peers: [] }, /orderFeeds\.0\.peers/],
    [{ peers: ['his.hospital'] }, /orderFeeds\.0\.peers\.0/],
    [{ peers: ['10.0.0.0/33'] }, /orderFeeds\.0\.peers\.0/],
    [{ charset: 'latin1' }, /orderFeeds\.0\.charset/],
    [
      { fields: { ward: ['PV1.3'] } },
      /orderFeeds\.0\.fields\.ward\.0: a place in a message is written PV1-3\.1/,
    ],
    [{ fields: { station: ['PV1-3'] } }, /orderFeeds\.0\.fields\.station: unknown key/],
    [{ codes: { sex: { X: 'male' } } }, /orderFeeds\.0\.codes\.sex\.X/],
    [{ codes: { orderControl: { NW: 'delete' } } }, /orderFeeds\.0\.codes\.orderControl\.NW/],
    [{ zone: 'CST' }, /orderFeeds\.0\.zone/],
    [{ tls: { certificateFile: 'a.pem' } }, /orderFeeds\.0\.tls\.keyFile/],
    [{ secret: 1 }, /orderFeeds\.0\.secret: unknown key/],
  ])('%j is refused by the name of its key', async (more, message) => {
    await expect(read(feed(more))).rejects.toThrow(message)
  })

  it('have names of their own', async () => {
    const one = { name: 'his', port: 1, peers: ['::1'] }
    await expect(read(JSON.stringify({ orderFeeds: [one, one] }))).rejects.toThrow(
      /orderFeeds: two feeds of one name/,
    )
  })
})
