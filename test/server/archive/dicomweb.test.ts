import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Archive, createArchive } from '../../../src/server/archive/index.ts'
import type { DicomJson } from '../../../src/shared/study/index.ts'
import { type Orthanc, orthancMissing, startOrthanc } from '../../orthanc.ts'
import { dicomFile, type Entry, explicitBig, identity, imageModule, place } from './dicom-file.ts'
import { objectKeys } from './object-keys.ts'
import { sharedFile, sharedFiles, sharedMissing, silent } from './shared-files.ts'

const missing = orthancMissing()
const uid = (...parts: number[]) => ['1.2.826.0.1.3680043.10.1999', ...parts].join('.')

/** Attributes that a viewer cannot show an image right without. */
const essential = [
  ...['00080016', '00080018', '00080060', '00083002', '00020010', '0020000D', '0020000E', '00200013'],
  ...[
    '00200032',
    '00200037',
    '00200052',
    '00280002',
    '00280004',
    '00280006',
    '00280008',
    '00280010',
    '00280011',
  ],
  ...[
    '00280030',
    '00280034',
    '00280100',
    '00280101',
    '00280102',
    '00280103',
    '00281050',
    '00281051',
    '00281052',
  ],
  ...[
    '00281053',
    '00283010',
    '00181164',
    '00281101',
    '00281201',
    '52009229',
    '52009230',
    '00100010',
    '00100020',
  ],
]
const essentialOf = (json: DicomJson) => Object.fromEntries(essential.map((tag) => [tag, json[tag]]))

const chinese = (study: number, charset: string, encoding: string): Entry[] => [
  ...identity(study, 1, 1),
  ...imageModule(4, 4, 8),
  [0x00080005, 'CS', charset],
  [0x00080020, 'DA', '20261122'],
  [0x00080030, 'TM', '0815'],
  [0x00081030, 'LO', iconv.encode('胸部正侧位 ', encoding)],
  [0x00100010, 'PN', iconv.encode('Zhang^Wei=张^伟', encoding)],
  [0x00100020, 'LO', `P${study}`],
  [0x7fe00010, 'OB', Buffer.alloc(16, study)],
]
const chineseOnly = (study: number, charset: string, encoding: string): Entry[] => [
  ...chinese(study, charset, encoding).filter(([tag]) => tag !== 0x00100010),
  [0x00100010, 'PN', iconv.encode('欧阳娜娜', encoding)],
]

/**
 * Real files that Orthanc gives back as they are. Left out: what it does not store (no UIDs), other files of an object that is
 * here already, and those whose character set it does not know (ISO 2022 IR 13, whose yen it takes for no delimiter).
 */
const compared = sharedFiles().filter(
  (name) =>
    !/chrSQ|chrH32|chrJap|chrKorean|J2K_pixelrep|JLSL|JLSN|HTJ2K|truncated|no_meta|bad_sequence|NoMeta/.test(
      name,
    ) &&
    !/UN_sequence|priv_SQ|empty_charset|meta_missing|JPEGLSNear|jls_lossy_sample|too_short|badVR/.test(
      name,
    ) &&
    !/chrFrenMulti|emri_small_|MR_small_|SC_rgb_16|SC_rgb_32|SC_ybr_full_unc|SC_rgb_rle|JPGExtended/.test(
      name,
    ) &&
    !/embedded-sequence-delimiter|OBXXXX|MR-SIEMENS|JPEGProcess|JPEG2000Loss|JPEG2000Transfer|_RLELoss/.test(
      name,
    ) &&
    !/JPEGLSLoss|ct_series_58\/I[2-9]/.test(name),
)

describe.skipIf(missing !== null)(
  `DICOMweb archive against a real Orthanc${missing ? `: skipped, ${missing}` : ''}`,
  () => {
    let dir: string
    let orthanc: Orthanc
    let pacs: Archive
    let folder: Archive

    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), 'vigil-orthanc-'))
      const files = join(dir, 'files')
      await mkdir(files)
      const made = [
        dicomFile(chinese(101, 'GB18030', 'gb18030')),
        dicomFile(chinese(102, 'ISO_IR 192', 'utf8')),
        dicomFile(chineseOnly(103, 'GB18030', 'gb18030')),
        dicomFile(chineseOnly(104, 'ISO_IR 192', 'utf8')),
        dicomFile([...chinese(105, 'ISO_IR 192', 'utf8')], explicitBig),
      ]
      for (const [i, bytes] of made.entries()) await writeFile(join(files, `made-${i}.dcm`), bytes)
      const paths = compared.map(sharedFile)
      for (const [i, path] of paths.entries()) {
        await writeFile(join(files, `real-${i}.dcm`), await readFile(path))
      }
      const login = { username: 'gateway', password: 'p:ä' }
      orthanc = await startOrthanc({ dir, login })
      const { refused } = await orthanc.upload([...made, ...paths])
      expect(refused).toEqual([])
      const passwordFile = join(dir, 'pacs-password')
      await writeFile(passwordFile, 'p:ä\n', { mode: 0o600 })
      const parts = { dataDir: dir, protection: objectKeys, clock: Date.now, log: silent }
      const config = {
        kind: 'dicomweb',
        url: orthanc.dicomwebUrl,
        timeoutSeconds: 10,
        memoryMiB: 64,
      } as const
      pacs = await createArchive({ ...config, username: 'gateway', passwordFile }, { ...parts, pollMs: 100 })
      folder = await createArchive({ kind: 'folder', path: files }, parts)
    }, 60_000)
    afterAll(async () => {
      await pacs?.close()
      await folder?.close()
      await orthanc?.stop()
      if (dir) await rm(dir, { recursive: true, force: true })
    })

    it('lists the studies that the folder archive lists, alike', async () => {
      const listed = await folder.studies()
      expect(listed.length).toBeGreaterThanOrEqual(sharedMissing ? 5 : 40)
      expect(await pacs.studies()).toEqual(listed)
    })

    it('gives the same series, instances, metadata and frames', async () => {
      let frames = 0
      for (const { studyInstanceUid } of await folder.studies()) {
        const ours = await folder.study(studyInstanceUid)
        const theirs = await pacs.study(studyInstanceUid)
        // What objects without pixels are stored in, DICOMweb does not tell.
        const comparable = ours.series.map((series) => ({
          ...series,
          instances: series.instances.map((one) =>
            one.frames > 0 ? one : { ...one, transferSyntaxUid: null },
          ),
        }))
        expect(theirs).toEqual({ ...ours, series: comparable })
        for (const { seriesInstanceUid, instances } of ours.series) {
          const expected = await folder.metadata(studyInstanceUid, seriesInstanceUid)
          const found = await pacs.metadata(studyInstanceUid, seriesInstanceUid)
          for (const [i, json] of expected.entries()) {
            const { '00083002': _a, '00020010': _b, ...same } = essentialOf(json)
            expect(found[i] ? essentialOf(found[i]) : null).toMatchObject(
              instances[i]!.frames > 0 ? essentialOf(json) : same,
            )
          }
          for (const { sopInstanceUid, frames: count } of instances) {
            for (let frame = 1; frame <= Math.min(count, 4); frame += 1) {
              const at = {
                study: studyInstanceUid,
                series: seriesInstanceUid,
                instance: sopInstanceUid,
                frame,
              }
              const [mine, its] = await Promise.all([folder.frame(at), pacs.frame(at)])
              expect(its.transferSyntaxUid).toBe(mine.transferSyntaxUid)
              expect(its.bytes.equals(mine.bytes)).toBe(true)
              frames += 1
            }
          }
        }
      }
      expect(frames).toBeGreaterThanOrEqual(sharedMissing ? 5 : 75)
    }, 60_000)

    it('Chinese names in GB18030 and UTF-8 are right from both', async () => {
      for (const archive of [folder, pacs]) {
        const byUid = new Map((await archive.studies()).map((study) => [study.studyInstanceUid, study]))
        for (const study of [101, 102, 105]) {
          expect(byUid.get(uid(study))).toMatchObject({ patientName: '张伟', description: '胸部正侧位' })
          expect((await archive.metadata(uid(study), uid(study, 1)))[0]?.['00100010']).toEqual({
            vr: 'PN',
            Value: [{ Alphabetic: 'Zhang^Wei', Ideographic: '张^伟' }],
          })
        }
        for (const study of [103, 104]) expect(byUid.get(uid(study))?.patientName).toBe('欧阳娜娜')
      }
    })

    it('what Orthanc cannot cut out is cut by us: big endian, as stored', async () => {
      const frame = await pacs.frame(place(105, 1, 1))
      expect(frame).toEqual({ transferSyntaxUid: '1.2.840.10008.1.2.2', bytes: Buffer.alloc(16, 105) })
    })

    it('refuses what is not there', async () => {
      const absent = { code: 'study-not-found' }
      await expect(pacs.study('1.2.3')).rejects.toMatchObject(absent)
      await expect(pacs.metadata(uid(101), '1.2.3')).rejects.toMatchObject(absent)
      await expect(pacs.frame({ ...place(101, 1, 1), instance: '1.2.3' })).rejects.toMatchObject(absent)
      await expect(pacs.frame({ ...place(101, 1, 1), frame: 9 })).rejects.toMatchObject({
        code: expect.stringMatching(/^(study-not-found|instance-broken)$/),
      })
      await expect(pacs.frame(place(101, 1, 1, 8), AbortSignal.abort())).rejects.toMatchObject({
        name: 'AbortError',
      })
    })

    it('a password that the PACS does not take, or that others can read', async () => {
      const parts = { dataDir: dir, protection: objectKeys, clock: Date.now, log: silent }
      const config = { kind: 'dicomweb', url: orthanc.dicomwebUrl, timeoutSeconds: 5, memoryMiB: 64 } as const
      const anonymous = await createArchive(config, parts)
      await expect(anonymous.studies()).rejects.toMatchObject({ code: 'archive-unavailable' })
      await anonymous.close()
      const open = join(dir, 'open-password')
      await writeFile(open, 'x')
      await chmod(open, 0o644)
      await expect(createArchive({ ...config, username: 'u', passwordFile: open }, parts)).rejects.toThrow(
        '0600',
      )
      await expect(createArchive({ ...config, url: 'http://u:p@pacs/dicom-web' }, parts)).rejects.toThrow(
        'password',
      )
    })

    it('notices by polling that a study came', async () => {
      const changed = new Promise<void>((resolve) => pacs.onChange(resolve))
      await delay(300)
      await orthanc.upload([dicomFile(chinese(110, 'GB18030', 'gb18030'))])
      await changed
      expect((await pacs.studies()).some((study) => study.studyInstanceUid === uid(110))).toBe(true)
    })

    it('says archive-unavailable when the PACS is killed in the middle, and recovers with it', async () => {
      const asking = Array.from({ length: 40 }, (_, i) =>
        pacs.frame(place(101 + (i % 4), 1, 1)).then(
          () => 'served',
          (error) => error.code,
        ),
      )
      await orthanc.kill()
      expect(new Set(['served', 'archive-unavailable', ...(await Promise.all(asking))])).toEqual(
        new Set(['served', 'archive-unavailable']),
      )
      const gone = { code: 'archive-unavailable' }
      await delay(3100)
      await expect(pacs.studies()).rejects.toMatchObject(gone)
      await expect(pacs.study(uid(101))).rejects.toMatchObject(gone)
      await expect(pacs.metadata(uid(103), uid(103, 9))).rejects.toMatchObject(gone)
      // Never asked for before, so that no cache can have it.
      await expect(pacs.frame(place(110, 1, 1))).rejects.toMatchObject(gone)
      await orthanc.restart()
      expect((await pacs.studies()).length).toBeGreaterThan(0)
      expect((await pacs.frame(place(110, 1, 1))).bytes).toEqual(Buffer.alloc(16, 110))
    }, 60_000)
  },
)
