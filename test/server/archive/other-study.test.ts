import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Archive, createArchive } from '../../../src/server/archive/index.ts'
import type { DicomJson } from '../../../src/shared/study/index.ts'
import { objectKeys } from './object-keys.ts'

/** Two studies of one series with one image each. */
const studies: Record<string, { series: string; instance: string }> = {
  '1.2.1': { series: '1.2.1.1', instance: '1.2.1.1.1' },
  '1.2.2': { series: '1.2.2.1', instance: '1.2.2.1.1' },
}
const plain = { study: '1.2.1', series: '1.2.1.1', instance: '1.2.1.1.1', frame: 1 }
const secret = { study: '1.2.2', series: '1.2.2.1', instance: '1.2.2.1.1', frame: 1 }

const ui = (value: string) => ({ vr: 'UI', Value: [value] })
function objectOf(study: string): DicomJson {
  const { series, instance } = studies[study]!
  return {
    '0020000D': ui(study),
    '0020000E': ui(series),
    '00080018': ui(instance),
    '00080016': ui('1.2.840.10008.5.1.4.1.1.2'),
    '00080060': { vr: 'CS', Value: ['CT'] },
    '00083002': ui('1.2.840.10008.1.2.1'),
    '00280010': { vr: 'US', Value: [1] },
    '00280011': { vr: 'US', Value: [1] },
    '00280100': { vr: 'US', Value: [8] },
    '00280002': { vr: 'US', Value: [1] },
    '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
    '7FE00010': { vr: 'OW', BulkDataURI: 'x' },
    '00201206': { vr: 'IS', Value: [1] },
    '00201208': { vr: 'IS', Value: [1] },
  }
}
const studyOf = (uid: string) => Object.keys(studies).find((study) => uid.startsWith(study)) ?? ''

/** A PACS that finds a series or an instance by its own UID, whatever study the path names: the standard does not forbid it. */
const asked: string[] = []
const pacs = createServer((request, response) => {
  const url = new URL(request.url ?? '', 'http://pacs')
  asked.push(url.pathname)
  const parts = url.pathname.split('/').filter(Boolean)
  const json = (objects: DicomJson[]) => {
    response.setHeader('content-type', 'application/dicom+json')
    response.end(JSON.stringify(objects))
  }
  if (parts.at(-2) === 'frames') {
    const boundary = 'b'
    response.setHeader(
      'content-type',
      `multipart/related; type="application/octet-stream"; boundary=${boundary}`,
    )
    const head = 'Content-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1'
    response.end(
      `--${boundary}\r\n${head}\r\nContent-Length: 9\r\n\r\n${studyOf(parts[5]!).padEnd(9)}\r\n--${boundary}--\r\n`,
    )
  } else if (parts.at(-1) === 'metadata') json([objectOf(studyOf(parts[3]!))])
  else if (parts.length === 1) {
    const named = url.searchParams.get('StudyInstanceUID')
    json((named ? [named] : Object.keys(studies)).filter((uid) => studies[uid]).map(objectOf))
  } else json(studies[parts[1]!] ? [objectOf(parts[1]!)] : [])
})

let archive: Archive
beforeAll(async () => {
  await new Promise<void>((resolve) => pacs.listen(0, '127.0.0.1', resolve))
  const { port } = pacs.address() as AddressInfo
  archive = await createArchive(
    { kind: 'dicomweb', url: `http://127.0.0.1:${port}`, timeoutSeconds: 10, memoryMiB: 64 },
    { dataDir: '/', protection: objectKeys, clock: Date.now, log: pino({ level: 'silent' }) },
  )
})
afterAll(async () => {
  await archive.close()
  pacs.closeAllConnections()
  await new Promise((resolve) => pacs.close(resolve))
})

describe('an image is served only under the study that it is of, whatever the PACS takes', () => {
  it('gives what is asked for by its own study, also before the study was read', async () => {
    expect((await archive.frame(plain)).bytes.toString()).toBe('1.2.1    ')
    expect((await archive.frame(secret)).bytes.toString()).toBe('1.2.2    ')
    expect(await archive.metadata(plain.study, plain.series)).toHaveLength(1)
  })

  it.each([
    { ...secret, study: plain.study },
    { ...secret, study: plain.study, series: plain.series },
    { ...plain, series: secret.series },
    { ...secret, study: '1.2.9' },
  ])('frame of $instance as of $study, $series', async (place) => {
    const before = asked.filter((path) => path.includes('/frames/')).length
    await expect(archive.frame(place)).rejects.toMatchObject({ code: 'study-not-found' })
    expect(asked.filter((path) => path.includes('/frames/'))).toHaveLength(before)
  })

  it('metadata of another study’s series', async () => {
    await archive.study(plain.study)
    await expect(archive.metadata(plain.study, secret.series)).rejects.toMatchObject({
      code: 'study-not-found',
    })
  })
})
