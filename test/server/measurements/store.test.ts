import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { refuseFailures } from '../../../src/server/archive/dicomweb/store.ts'
import { type Archive, createArchive } from '../../../src/server/archive/index.ts'
import type { VigilError } from '../../../src/shared/errors/index.ts'
import type { DicomJson } from '../../../src/shared/study/index.ts'
import { type Orthanc, orthancMissing, startOrthanc } from '../../orthanc.ts'
import { dicomFile, type Entry, identity, imageModule } from '../archive/dicom-file.ts'
import { objectKeys } from '../archive/object-keys.ts'
import { silent } from '../archive/shared-files.ts'
import { everyKind } from './every-kind.ts'
import { checked, checkersMissing, openMeasurements } from './storing.ts'

const entries: Entry[] = [
  ...identity(31, 1, 1),
  ...imageModule(32, 32, 8),
  [0x00080005, 'CS', 'ISO_IR 192'],
  [0x00080020, 'DA', '20261120'],
  [0x00080030, 'TM', '081500'],
  [0x00100010, 'PN', 'Wang^Xiaoming=王^小明'],
  [0x00100020, 'LO', 'P31'],
  [0x00100030, 'DA', '19800101'],
  [0x00100040, 'CS', 'M'],
  [0x00280030, 'DS', '0.5\\0.5'],
  [0x00281052, 'DS', '-1024'],
  [0x00281053, 'DS', '1'],
  [0x00291010, 'LO', 'private, never copied'],
  [0x7fe00010, 'OB', Buffer.alloc(1024, 7)],
]

const value = (json: DicomJson, tag: string) => (json[tag] as { Value?: unknown[] } | undefined)?.Value?.[0]

async function placeIn(archive: Archive) {
  const [summary] = await archive.studies()
  const study = await archive.study(summary!.studyInstanceUid)
  const series = study.series.find(({ instances }) => instances.some(({ frames }) => frames > 0))!
  const [instance] = series.instances
  return {
    study: study.studyInstanceUid,
    place: { series: series.seriesInstanceUid, instance: instance!.sopInstanceUid, frame: 1 },
    sopClassUid: instance!.sopClassUid,
  }
}
const report = (place: { series: string; instance: string; frame: number }) => ({
  as: 'structured-report',
  label: '李医师的测量',
  measurements: everyKind(place),
})
const presentation = (place: object, sopClassUid: string, change: object = {}) => ({
  ...place,
  sopClassUid,
  window: { centre: 40, width: 400 },
  inverted: false,
  rotation: 90,
  flipped: true,
  ...change,
})

describe('measurements stored with a study', () => {
  let dir: string
  let archive: Archive

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'vigil-measurements-'))
    await writeFile(join(dir, 'image.dcm'), dicomFile(entries))
    archive = await createArchive(
      { kind: 'folder', path: dir },
      { dataDir: dir, protection: objectKeys, clock: Date.now, log: silent },
    )
  })
  afterAll(async () => {
    await archive?.close()
    await rm(dir, { recursive: true, force: true })
  })
  const written = async () => {
    const folder = join(dir, 'vigil-objects')
    const [study] = await readdir(folder)
    const files = await readdir(join(folder, study!))
    expect(files.every((name) => name.endsWith('.sealed') && !name.startsWith('.'))).toBe(true)
    return files.map((name) => join(folder, study!, name))
  }
  /** Opened, for other programs to check. */
  const plain = async () => {
    const copies = await mkdtemp(join(dir, '.plain-'))
    const files = await written()
    return Promise.all(
      files.map(async (file, index) => {
        const sealed = await readFile(file)
        expect(sealed.includes(Buffer.from('P31'))).toBe(false)
        const content = objectKeys.openBytes('object', `folder/${relative(dir, file)}`, sealed)
        const copy = join(copies, `${index}.dcm`)
        await writeFile(copy, content)
        return copy
      }),
    )
  }

  it.skipIf(checkersMissing !== '')(
    `writes reports and presentation states that dciodvfy and dcmtk take (${checkersMissing})`,
    async () => {
      const { study, place, sopClassUid } = await placeIn(archive)
      const { store, foundation } = await openMeasurements(archive)
      const stored = await store(study, report(place))
      await store(study, {
        ...report(place),
        as: 'presentation-state',
        images: [presentation(place, sopClassUid)],
      })
      const files = await plain()
      expect(files).toHaveLength(2)
      for (const file of files) {
        const verdict = await checked('dciodvfy', file)
        expect(verdict.split('\n').filter((line) => line.startsWith('Error'))).toEqual([])
        const dump = await checked('dcmdump', '-q', file)
        expect(dump).toContain('Wang^Xiaoming=王^小明')
        expect(dump).not.toContain('private, never')
        expect(dump).not.toMatch(/^\(00[0-9a-f][13579bdf],/m)
      }
      const read = await Promise.all(files.map((file) => checked('dsrdump', '-Ec', '+Pl', file)))
      const tree = read.find((text) => text.includes('Measurement'))
      expect(tree).toContain('右肺上叶结节')
      expect(tree).toContain('Cobb angle')
      // dsrdump says that it does not check the characters of UTF-8; nothing else.
      expect(tree?.match(/^[EW]: .*/gm)?.filter((line) => !line.includes('VR checker')) ?? []).toEqual([])

      await expect.poll(async () => (await archive.study(study)).series.length, { timeout: 5000 }).toBe(3)
      const [json] = await archive.metadata(study, stored.seriesInstanceUid)
      expect(value(json!, '00080018')).toBe(stored.sopInstanceUid)
      expect(value(json!, '00100020')).toBe('P31')
      const rows = await foundation.audit.tail()
      expect(rows.filter(({ action }) => action === 'measurement.stored')).toHaveLength(2)
    },
  )

  it('makes a state of its own for images that are turned differently', async () => {
    const { study, place, sopClassUid } = await placeIn(archive)
    const before = await written().catch(() => [])
    const { store } = await openMeasurements(archive)
    const two = join(dir, 'second.dcm')
    const entry = entries.map(
      (one): Entry => (one[0] === 0x00080018 ? identity(31, 1, 2).find(([tag]) => tag === 0x00080018)! : one),
    )
    await writeFile(two, dicomFile(entry))
    await expect
      .poll(
        async () =>
          (await archive.study(study)).series.find((one) => one.seriesInstanceUid === place.series)?.instances
            .length,
        { timeout: 5000 },
      )
      .toBe(2)
    const other = (await archive.study(study)).series
      .find((one) => one.seriesInstanceUid === place.series)!
      .instances.find((one) => one.sopInstanceUid !== place.instance)!
    await store(study, {
      as: 'presentation-state',
      label: '',
      measurements: [],
      images: [
        presentation(place, sopClassUid),
        presentation({ ...place, instance: other.sopInstanceUid }, sopClassUid, {
          rotation: 0,
          inverted: true,
        }),
      ],
    })
    expect(await written()).toHaveLength(before.length + 2)
  })

  it('keeps what a person types to one value that the VR takes', async () => {
    const { study, place } = await placeIn(archive)
    const { store } = await openMeasurements(archive)
    const [length] = everyKind(place)
    const measurements = [
      {
        ...length!,
        id: 'a\\b',
        label: '结节\\1\u001b\u0000\n第二行',
        values: [{ name: 'length', value: 1, unit: 'constructor' }],
      },
    ]
    const stored = await store(study, { ...report(place), label: '左\\右\u001b\u0000', measurements })
    await expect.poll(async () => (await archive.metadata(study, stored.seriesInstanceUid)).length).toBe(1)
    const [json] = await archive.metadata(study, stored.seriesInstanceUid)
    expect((json!['0008103E'] as { Value: unknown[] }).Value).toEqual(['左 右'])
    const text = JSON.stringify(json)
    expect(text).toContain(JSON.stringify('结节\\1\n第二行').slice(1, -1))
    expect(text).not.toMatch(/\\u00[01]|function|native/)
    const oblique = [presentation(place, '1.2', { rotation: 45 })]
    expect(() => store(study, { ...report(place), as: 'presentation-state', images: oblique })).toThrow()
  })

  it('leaves nothing of what it could not write whole', async () => {
    const { study } = await placeIn(archive)
    const before = await readdir(join(dir, 'vigil-objects'), { recursive: true })
    const broken = [dicomFile(entries), 7 as unknown as Buffer]
    await expect(archive.store(study, broken)).rejects.toMatchObject({ code: 'store-refused' })
    expect(await readdir(join(dir, 'vigil-objects'), { recursive: true })).toEqual(before)
  })

  it('serves no object that was changed, or that lies in another’s place', async () => {
    const { study, place } = await placeIn(archive)
    const { store } = await openMeasurements(archive)
    const before = new Set(await written())
    const stored = await store(study, report(place))
    const has = async () =>
      (await archive.study(study)).series.some((one) => one.seriesInstanceUid === stored.seriesInstanceUid)
    await expect.poll(has, { timeout: 5000 }).toBe(true)
    const [file] = (await written()).filter((name) => !before.has(name))
    const sealed = await readFile(file!)
    const flipped = Buffer.from(sealed)
    flipped[sealed.length >> 1]! ^= 1
    await writeFile(file!, flipped)
    await expect.poll(has, { timeout: 5000 }).toBe(false)
    await expect
      .poll(() => archive.broken().map(({ reason }) => reason), { timeout: 5000 })
      .toContain('failed its integrity check')
    await writeFile(join(dirname(file!), 'another.sealed'), sealed)
    await expect
      .poll(() => archive.broken().map(({ name }) => name), { timeout: 5000 })
      .toContain('another.sealed')
    expect(await has()).toBe(false)
    await writeFile(file!, sealed)
    await expect.poll(has, { timeout: 5000 }).toBe(true)
  })

  it('refuses what is not in the study, what has too few points, and nothing at all', async () => {
    const { study, place } = await placeIn(archive)
    const { store, foundation } = await openMeasurements(archive)
    const [length] = everyKind(place)
    const attempts = [
      { ...length!, instance: '1.2.3' },
      { ...length!, frame: 2 },
      { ...length!, points: [[1, 1]] },
    ]
    for (const one of attempts)
      await expect(store(study, { ...report(place), measurements: [one] })).rejects.toMatchObject({
        code: 'bad-request',
      })
    await expect(store(study, { ...report(place), measurements: [] })).rejects.toMatchObject({
      code: 'bad-request',
    })
    await expect(store('1.2.3.4', report(place))).rejects.toMatchObject({ code: 'study-not-found' })
    const rows = await foundation.audit.tail()
    expect(rows.filter(({ outcome }) => outcome === 'refused')).toHaveLength(5)
  })

  it('says why the PACS did not take it', () => {
    const failed = (reason: number) =>
      JSON.stringify({ '00081198': { vr: 'SQ', Value: [{ '00081197': { vr: 'US', Value: [reason] } }] } })
    const refusal = (status: number, body: string) => {
      try {
        refuseFailures(status, body)
      } catch (error) {
        return (error as VigilError).toFailure()
      }
      return null
    }
    expect(refusal(200, '{}')).toBeNull()
    expect(refusal(409, failed(0x0122))).toEqual({
      code: 'store-refused',
      facts: { status: 409, reason: '0x0122' },
    })
    expect(refusal(200, failed(0xa700))).toMatchObject({ code: 'store-refused', facts: { reason: '0xA700' } })
    expect(refusal(202, '{}')).toMatchObject({ code: 'store-refused' })
    expect(refusal(405, '<html>')).toEqual({ code: 'store-refused', facts: { status: 405 } })
    expect(refusal(503, '')).toMatchObject({ code: 'archive-unavailable' })
  })
})

const noOrthanc = orthancMissing()
describe.skipIf(noOrthanc !== null)(`through a real Orthanc (${noOrthanc})`, () => {
  let orthanc: Orthanc
  let pacs: Archive
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'vigil-stow-'))
    orthanc = await startOrthanc({ dir: home })
    await orthanc.upload([dicomFile(entries)])
    pacs = await createArchive(
      { kind: 'dicomweb', url: orthanc.dicomwebUrl, timeoutSeconds: 10, memoryMiB: 64 },
      { dataDir: home, protection: objectKeys, clock: Date.now, log: silent, pollMs: 100 },
    )
  }, 60_000)
  afterAll(async () => {
    await pacs?.close()
    await orthanc?.stop()
    await rm(home, { recursive: true, force: true })
  })

  it('comes back as it was sent', async () => {
    const { study, place } = await placeIn(pacs)
    const { store } = await openMeasurements(pacs)
    const stored = await store(study, report(place))
    const [json] = await pacs.metadata(study, stored.seriesInstanceUid)
    expect(value(json!, '00080018')).toBe(stored.sopInstanceUid)
    expect(JSON.stringify(json)).toContain('肝 S4 段低密度灶')
    expect((await pacs.study(study)).series.map(({ modality }) => modality)).toContain('SR')
  })

  it('is refused where there is no PACS any more', async () => {
    const { study, place } = await placeIn(pacs)
    const { store } = await openMeasurements(pacs)
    await pacs.metadata(study, place.series)
    await orthanc.kill()
    await expect(store(study, report(place))).rejects.toMatchObject({ code: 'archive-unavailable' })
  })
})
