import { appendFile, mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { createCatalogue } from '../../../src/server/archive/folder/catalogue.ts'
import { keepIndex } from '../../../src/server/archive/folder/index-keeper.ts'
import { withFile } from '../../../src/server/archive/folder/inspect.ts'
import { type Archive, createArchive } from '../../../src/server/archive/index.ts'
import {
  dicomFile,
  encapsulated,
  encapsulatedFile,
  identity,
  imageModule,
  place,
  plainImage,
} from './dicom-file.ts'
import { objectKeys } from './object-keys.ts'
import { inspectFile } from './one-file.ts'
import { sharedDicom, sharedFile, sharedFiles, sharedMissing, silent } from './shared-files.ts'

const opened: Archive[] = []
const made: string[] = []
afterEach(async () => {
  for (const archive of opened.splice(0)) await archive.close()
  for (const dir of made.splice(0)) await rm(dir, { recursive: true, force: true })
})

async function folder() {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-archive-'))
  made.push(dir)
  return dir
}
async function openFolder(path: string) {
  const parts = {
    dataDir: tmpdir(),
    protection: objectKeys,
    clock: Date.now,
    log: silent,
    folderTimes: { quietMs: 50, settleMs: 400, rescanMs: 60_000 },
  }
  const archive = await createArchive({ kind: 'folder', path }, parts)
  opened.push(archive)
  return archive
}
async function until(what: () => Promise<boolean> | boolean) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await what()) return
    await delay(50)
  }
  throw new Error('did not come to pass within 5 s')
}
const uid = (...parts: number[]) => ['1.2.826.0.1.3680043.10.1999', ...parts].join('.')
const named = (name: string, instance = 1) =>
  dicomFile([
    ...identity(1, 1, instance),
    ...imageModule(4, 4, 8),
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080020, 'DA', '20261122'],
    [0x00080030, 'TM', '081500'],
    [0x00080050, 'SH', 'ACC1'],
    [0x00081030, 'LO', '头颅CT平扫'],
    [0x00100010, 'PN', name],
    [0x00100020, 'LO', 'P1'],
    [0x00100030, 'DA', '19700203'],
    [0x00100040, 'CS', 'M'],
    [0x00101010, 'AS', '056Y'],
    [0x00180015, 'CS', 'HEAD'],
    [0x7fe00010, 'OB', Buffer.alloc(16, instance)],
  ])

describe('folder archive', () => {
  it('summarises studies from their attributes, and orders series and instances', async () => {
    const dir = await folder()
    await mkdir(join(dir, 'a/b'), { recursive: true })
    await writeFile(join(dir, 'a/b/2'), named('Li^Lei=李^雷', 2))
    await writeFile(join(dir, '10.dcm'), named('Li^Lei=李^雷', 10))
    await writeFile(join(dir, '1.dcm'), named('Li^Lei=李^雷', 1))
    await writeFile(join(dir, 's2.dcm'), plainImage(1, 2, 1))
    const archive = await openFolder(dir)
    expect(archive.broken()).toEqual([])
    const [summary] = await archive.studies()
    expect(summary).toEqual({
      studyInstanceUid: uid(1),
      accessionNumber: 'ACC1',
      patientId: 'P1',
      patientName: '李雷',
      patientSex: 'M',
      patientBirthDate: '19700203',
      patientAge: '056Y',
      studyDate: '20261122',
      studyTime: '081500',
      description: '头颅CT平扫',
      bodyPart: 'HEAD',
      modalities: ['OT'],
      seriesCount: 2,
      instanceCount: 4,
    })
    const study = await archive.study(uid(1))
    expect(study.series.map((one) => one.instances.map((i) => i.instanceNumber))).toEqual([[1, 2, 10], [1]])
    expect((await archive.metadata(uid(1), uid(1, 1))).map((json) => json['00200013'])).toEqual([
      { vr: 'IS', Value: [1] },
      { vr: 'IS', Value: [2] },
      { vr: 'IS', Value: [10] },
    ])
  })

  it('lists what is broken, by name and reason, and serves the rest', async () => {
    const dir = await folder()
    const outside = await folder()
    await writeFile(join(outside, 'secret.dcm'), plainImage(9, 1, 1))
    const good = plainImage(1, 1, 1)
    await Promise.all([
      writeFile(join(dir, 'good.dcm'), good),
      writeFile(join(dir, 'zero.dcm'), ''),
      writeFile(join(dir, 'notes.txt'), 'call back on Monday'),
      writeFile(join(dir, 'cut.dcm'), plainImage(2, 1, 1).subarray(0, -4)),
      writeFile(join(dir, 'cut-header.dcm'), good.subarray(0, 200)),
      writeFile(join(dir, 'no-sop.dcm'), dicomFile(identity(3, 1, 1).filter(([tag]) => tag !== 0x00080018))),
      writeFile(
        join(dir, 'no-study.dcm'),
        dicomFile(identity(3, 1, 1).filter(([tag]) => tag !== 0x0020000d)),
      ),
      writeFile(
        join(dir, 'traversal.dcm'),
        dicomFile([
          ...identity(3, 1, 1).filter(([tag]) => tag !== 0x0020000e),
          [0x0020000e, 'UI', '../../etc'],
        ]),
      ),
      writeFile(
        join(dir, 'short.dcm'),
        dicomFile([...identity(4, 1, 1), ...imageModule(4, 4, 8, 3), [0x7fe00010, 'OB', Buffer.alloc(40)]]),
      ),
      writeFile(join(dir, 'zz-copy.dcm'), good),
      writeFile(join(dir, '.hidden.dcm'), 'half a copy'),
      symlink(join(outside, 'secret.dcm'), join(dir, 'link.dcm')),
      symlink(outside, join(dir, 'linked-folder')),
    ])
    const archive = await openFolder(dir)
    await delay(1000)
    expect(archive.broken()).toEqual([
      { name: 'cut-header.dcm', reason: 'truncated file' },
      { name: 'cut.dcm', reason: 'truncated file' },
      { name: 'link.dcm', reason: 'symbolic link, not followed' },
      { name: 'linked-folder', reason: 'symbolic link, not followed' },
      { name: 'no-sop.dcm', reason: 'no SOP Instance UID' },
      { name: 'no-study.dcm', reason: 'no Study Instance UID' },
      { name: 'notes.txt', reason: 'not a DICOM file' },
      { name: 'short.dcm', reason: 'pixel data shorter than Rows × Columns × Frames' },
      { name: 'traversal.dcm', reason: 'invalid Series Instance UID' },
      { name: 'zero.dcm', reason: 'empty file' },
      { name: 'zz-copy.dcm', reason: 'same SOP Instance UID as an earlier file' },
    ])
    expect((await archive.studies()).map((study) => study.studyInstanceUid)).toEqual([uid(1)])
    expect((await archive.frame(place(1, 1, 1))).bytes).toHaveLength(16)
  })

  it('takes in what comes, changes and goes, and says so', async () => {
    const dir = await folder()
    const archive = await openFolder(dir)
    let changes = 0
    archive.onChange(() => {
      changes += 1
    })
    expect(await archive.studies()).toEqual([])
    await mkdir(join(dir, 'new'))
    await writeFile(join(dir, 'new/1.dcm'), named('Li^Lei=李^雷'))
    await until(async () => (await archive.studies()).length === 1)
    expect(changes).toBeGreaterThan(0)
    expect((await archive.metadata(uid(1), uid(1, 1)))[0]?.['00100010']).toMatchObject({
      Value: [{ Ideographic: '李^雷' }],
    })
    await writeFile(join(dir, 'new/1.dcm'), named('Han^Meimei=韩^梅梅'))
    await until(async () => (await archive.studies())[0]?.patientName === '韩梅梅')
    expect((await archive.metadata(uid(1), uid(1, 1)))[0]?.['00100010']).toEqual({
      vr: 'PN',
      Value: [{ Alphabetic: 'Han^Meimei', Ideographic: '韩^梅梅' }],
    })
    await rename(join(dir, 'new/1.dcm'), join(dir, 'renamed.dcm'))
    await until(async () => (await archive.frame(place(1, 1, 1)).catch(() => null)) !== null)
    await unlink(join(dir, 'renamed.dcm'))
    await until(async () => (await archive.studies()).length === 0)
    await expect(archive.frame(place(1, 1, 1))).rejects.toMatchObject({ code: 'study-not-found' })
  })

  it('takes in whole folders that are moved in and out, and stops serving what a link replaced', async () => {
    const dir = await folder()
    const elsewhere = await folder()
    await mkdir(join(elsewhere, 'batch'))
    for (const i of [1, 2, 3]) await writeFile(join(elsewhere, 'batch', `${i}.dcm`), plainImage(1, 1, i))
    const archive = await openFolder(dir)
    await rename(join(elsewhere, 'batch'), join(dir, 'batch'))
    await until(async () => (await archive.studies())[0]?.instanceCount === 3)
    await rename(join(dir, 'batch'), join(elsewhere, 'batch'))
    await symlink(join(elsewhere, 'batch'), join(dir, 'batch'))
    await until(async () => (await archive.studies()).length === 0)
    await until(() => archive.broken().length > 0)
    expect(archive.broken()).toEqual([{ name: 'batch', reason: 'symbolic link, not followed' }])
  })

  it('finds by looking the folder over what no watch told of', async () => {
    const dir = await folder()
    const catalogue = createCatalogue()
    let changes = 0
    const times = { quietMs: 60_000, settleMs: 400, rescanMs: 100 }
    const changed = () => {
      changes += 1
    }
    await writeFile(join(dir, 'b.dcm'), plainImage(2, 1, 1))
    await writeFile(join(dir, 'not.dcm'), 'x')
    const keeper = await keepIndex(dir, catalogue, {
      times,
      clock: Date.now,
      log: silent,
      changed,
      open: withFile,
    })
    await writeFile(join(dir, 'a.dcm'), plainImage(1, 1, 1))
    await unlink(join(dir, 'b.dcm'))
    await until(
      () =>
        catalogue
          .studies()
          .map((study) => study.studyInstanceUid)
          .join() === uid(1),
    )
    const settled = changes
    await delay(500)
    expect(changes).toBe(settled)
    await keeper.close()
  })

  it('waits for a file that is still being written, without calling it broken', async () => {
    const dir = await folder()
    const archive = await openFolder(dir)
    const whole = plainImage(1, 1, 1)
    const file = join(dir, 'slow.dcm')
    await writeFile(file, whole.subarray(0, 200))
    for (let at = 200; at < whole.length; at += 60) {
      await delay(120)
      expect(archive.broken()).toEqual([])
      await appendFile(file, whole.subarray(at, at + 60))
    }
    await until(async () => (await archive.studies()).length === 1)
    expect(archive.broken()).toEqual([])
  })

  it('lists a file that stays half written', async () => {
    const dir = await folder()
    const archive = await openFolder(dir)
    await writeFile(join(dir, 'half.dcm'), plainImage(1, 1, 1).subarray(0, 200))
    await until(() => archive.broken().length === 1)
    expect(archive.broken()).toEqual([{ name: 'half.dcm', reason: 'truncated file' }])
  })

  it('serves the duplicate once the first is gone', async () => {
    const dir = await folder()
    await writeFile(join(dir, 'a.dcm'), plainImage(1, 1, 1))
    await writeFile(join(dir, 'b.dcm'), plainImage(1, 1, 1))
    const archive = await openFolder(dir)
    expect(archive.broken()).toMatchObject([{ name: 'b.dcm' }])
    await unlink(join(dir, 'a.dcm'))
    await until(() => archive.broken().length === 0)
    expect((await archive.studies())[0]?.instanceCount).toBe(1)
    expect((await archive.frame(place(1, 1, 1))).bytes).toHaveLength(16)
  })

  it('a file that is spoilt after it was indexed is instance-broken, and harms no other', async () => {
    const dir = await folder()
    await writeFile(join(dir, 'a.dcm'), plainImage(1, 1, 1))
    await writeFile(join(dir, 'b.dcm'), plainImage(1, 1, 2))
    const archive = await openFolder(dir)
    await writeFile(join(dir, 'a.dcm'), 'overwritten')
    await expect(archive.frame(place(1, 1, 1))).rejects.toMatchObject({ code: 'instance-broken' })
    expect(await archive.metadata(uid(1), uid(1, 1))).toHaveLength(1)
    expect((await archive.frame(place(1, 1, 2))).bytes).toHaveLength(16)
  })

  it('refuses what is not there, and what is not of that study', async () => {
    const dir = await folder()
    await writeFile(join(dir, 'a.dcm'), plainImage(1, 1, 1))
    await writeFile(join(dir, 'sr.dcm'), dicomFile(identity(2, 1, 1)))
    const archive = await openFolder(dir)
    const absent = { code: 'study-not-found' }
    await expect(archive.study('1.2.3')).rejects.toMatchObject(absent)
    await expect(archive.metadata(uid(1), '1.2.3')).rejects.toMatchObject(absent)
    await expect(archive.frame({ ...place(1, 1, 1), frame: 2 })).rejects.toMatchObject(absent)
    await expect(archive.frame({ ...place(1, 1, 1), frame: 0 })).rejects.toMatchObject(absent)
    await expect(archive.frame({ ...place(1, 1, 1), study: uid(2) })).rejects.toMatchObject(absent)
    await expect(archive.frame({ ...place(1, 1, 1), series: uid(2, 1) })).rejects.toMatchObject(absent)
    await expect(archive.frame(place(2, 1, 1))).rejects.toMatchObject(absent)
    const aborted = AbortSignal.abort()
    await expect(archive.frame(place(1, 1, 1), aborted)).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('is unavailable where the folder is not there, or has gone', async () => {
    await expect(openFolder(join(tmpdir(), 'vigil-no-such-folder'))).rejects.toMatchObject({
      code: 'archive-unavailable',
    })
    const dir = await folder()
    await writeFile(join(dir, 'a.dcm'), plainImage(1, 1, 1))
    const archive = await openFolder(dir)
    await rename(dir, `${dir}-unmounted`)
    made.push(`${dir}-unmounted`)
    await expect(archive.frame(place(1, 1, 1))).rejects.toMatchObject({ code: 'archive-unavailable' })
  })

  it('frames cannot be told apart: listed with that reason', async () => {
    const dir = await folder()
    const pixels = encapsulated([], [Buffer.alloc(8), Buffer.alloc(8), Buffer.alloc(8)])
    const file = encapsulatedFile(
      [...identity(1, 1, 1), ...imageModule(4, 4, 8, 2)],
      '1.2.840.10008.1.2.4.90',
      pixels,
    )
    await writeFile(join(dir, 'a.dcm'), file)
    expect((await openFolder(dir)).broken()).toEqual([
      { name: 'a.dcm', reason: 'frames cannot be told apart in the pixel data' },
    ])
  })
})

describe.skipIf(sharedMissing)('the real files (../shared is there)', () => {
  it('each is served or explained', async () => {
    const archive = await openFolder(sharedDicom)
    const served = (await archive.studies()).reduce((sum, study) => sum + study.instanceCount, 0)
    const explained = archive.broken().filter(({ name }) => name.endsWith('.dcm'))
    expect(sharedFiles()).toHaveLength(169)
    expect(served + explained.length).toBe(169)
    const reasons: Record<string, number> = {}
    for (const { reason } of explained) reasons[reason] = (reasons[reason] ?? 0) + 1
    expect(reasons).toEqual({
      'no SOP Instance UID': 12,
      'no Study Instance UID': 6,
      'truncated file': 2,
      'not a DICOM file': 1,
      'invalid SOP Instance UID': 1,
      'same SOP Instance UID as an earlier file': 25,
    })
    // Every promised frame is there.
    for (const { studyInstanceUid: study } of await archive.studies()) {
      for (const { seriesInstanceUid: series, instances } of (await archive.study(study)).series) {
        expect(await archive.metadata(study, series)).toHaveLength(instances.length)
        for (const { sopInstanceUid: instance, frames, transferSyntaxUid } of instances) {
          for (let frame = 1; frame <= frames; frame += 1) {
            const found = await archive.frame({ study, series, instance, frame })
            expect(found.transferSyntaxUid).toBe(transferSyntaxUid)
            expect(found.bytes.length).toBeGreaterThan(0)
          }
        }
      }
    }
  })

  it('gives a viewer palettes, LUTs, overlays and functional groups', async () => {
    const archive = await openFolder(sharedDicom)
    const metadataOf = async (file: string) => {
      const { study, series, instance } = await inspectFile(sharedFile(file))
      const all = await archive.metadata(study, series)
      return all.find((json) => (json['00080018'] as { Value: string[] }).Value[0] === instance)!
    }
    const palette = await metadataOf('cornerstone3D/TestPattern_Palette_16.dcm')
    expect(palette['00281101']).toEqual({ vr: 'US', Value: [256, 0, 16] })
    const red = palette['00281201'] as { InlineBinary: string }
    expect(Buffer.from(red.InlineBinary, 'base64')).toHaveLength(512)
    const voi = await metadataOf('pydicom-data/vlut_04.dcm')
    const lut = (voi['00283010'] as { Value: Record<string, { Value?: number[]; InlineBinary?: string }>[] })
      .Value[0]!
    expect(lut['00283002']?.Value).toHaveLength(3)
    expect(lut['00283006']?.InlineBinary ?? lut['00283006']?.Value).toBeTruthy()
    const overlay = await metadataOf('pydicom/examples_overlay.dcm')
    expect(overlay['60003000']).toMatchObject({ InlineBinary: expect.any(String) })
    const enhanced = await metadataOf('pydicom-data/liver_nonbyte_aligned.dcm')
    expect((enhanced['52009230'] as { Value: object[] }).Value).toHaveLength(3)
    const ct = await metadataOf('ct_series_58/I10.dcm')
    expect((ct['00200037'] as { Value: number[] }).Value).toHaveLength(6)
    expect((ct['00280030'] as { Value: number[] }).Value).toHaveLength(2)
  })
})
