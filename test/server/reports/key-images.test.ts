import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pngSize } from '../../../src/server/reports/png.ts'
import type { KeyImage, ReportText } from '../../../src/shared/report/index.ts'
import { aPng, chunk, header, pngSignature } from './pngs.ts'
import { aStudy, openReadingRoom, type ReadingRoom } from './reading-room.ts'

const study = '1.2.3.4'
const other = '1.2.3.5'
const text: ReportText = { findings: '右肺结节', impression: '' }
const day = 86_400_000
const code = (expected: string, facts: object = {}) =>
  expect.objectContaining({ code: expected, facts: expect.objectContaining(facts) })

const series = (uid: string) => [
  {
    seriesInstanceUid: `${uid}.1`,
    seriesNumber: 1,
    modality: 'CT',
    description: '',
    instances: [
      {
        sopInstanceUid: `${uid}.1.1`,
        sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
        instanceNumber: 1,
        transferSyntaxUid: null,
        rows: 4,
        columns: 4,
        frames: 2,
      },
    ],
  },
]

let room: ReadingRoom
beforeEach(async () => {
  room = await openReadingRoom()
  for (const uid of [study, other]) room.studies.set(uid, aStudy(uid, { series: series(uid) }))
})
afterEach(() => room.close())

const request = <B>(who: string, body: B, uid = study) =>
  room.request(who, { params: { study: uid }, query: undefined, body })
const store = async (png: Buffer, about: Partial<KeyImage> = {}, who = 'sun', uid = study) => {
  const image = { series: `${uid}.1`, instance: `${uid}.1.1`, frame: 1, caption: '', ...about }
  const body = { ...image, png: png.toString('base64') }
  return (await room.handlers.storeKeyImage(request(who, body, uid))).keyImage
}
const save = (who: string, baseRevision: number, keyImages?: KeyImage[], written = text) =>
  room.handlers.saveDraft(request(who, { text: written, baseRevision, ...(keyImages ? { keyImages } : {}) }))
const pixels = async (id: string, uid = study) =>
  (
    await room.handlers.keyImage(
      room.request('li', { params: { study: uid, image: id }, query: undefined, body: undefined }),
    )
  ).png
const prepare = (who: string, keyImages: KeyImage[]) =>
  room.handlers.prepareSignOff(request(who, { text, keyImages }))
const kept = () => room.store.db.selectFrom('report_key_images').selectAll().execute()

describe('a key image', () => {
  it('is kept under the hash that the gateway computes, sealed, and read back', async () => {
    const png = aPng(20, 10)
    const image = await store(png, { caption: '右上叶', frame: 2 })
    expect(image).toEqual({
      id: createHash('sha256').update(png).digest('hex'),
      series: '1.2.3.4.1',
      instance: '1.2.3.4.1.1',
      frame: 2,
      caption: '右上叶',
      width: 20,
      height: 10,
    })
    expect(Buffer.from(await pixels(image.id), 'base64')).toEqual(png)
    expect((await kept())[0]?.sealed_png).not.toContain(png.toString('base64').slice(0, 30))
    expect(await store(png)).toMatchObject({ id: image.id })
    expect(await kept()).toHaveLength(1)
  })

  it('is of an image of this study, and of this report alone', async () => {
    for (const about of [{ series: '9.9' }, { instance: '9.9' }, { frame: 3 }])
      await expect(store(aPng(2, 2), about)).rejects.toEqual(code('bad-request', { reason: 'not-of-study' }))
    const { id } = await store(aPng(2, 2))
    await expect(pixels(id, other)).rejects.toEqual(code('not-found'))
    await expect(pixels('0'.repeat(64))).rejects.toEqual(code('not-found'))
  })

  it('is added by whoever may write the draft now, and no other', async () => {
    await save('sun', 0)
    await expect(store(aPng(2, 2), {}, 'li')).rejects.toEqual(code('report-locked-by-other'))
    await room.handlers.submitReport(request('sun', { text, baseRevision: 1 }))
    await expect(store(aPng(2, 2))).rejects.toEqual(code('report-under-review'))
  })

  it('is named by a draft only where it is kept, and stays where a save does not say', async () => {
    const image = await store(aPng(2, 2))
    await expect(save('sun', 0, [{ ...image, id: 'f'.repeat(64) }])).rejects.toEqual(
      code('key-image-missing'),
    )
    await save('sun', 0, [image])
    await save('sun', 1, undefined, { ...text, impression: '结节' })
    const opened = await room.handlers.report(request('sun', undefined))
    expect(opened.draft).toMatchObject({ revision: 2, keyImages: [image] })
    // A picture alone is a draft as well.
    await save('sun', 2, [image], { findings: '', impression: '' })
    expect((await room.handlers.report(request('sun', undefined))).draft).toMatchObject({ revision: 3 })
  })

  it('goes into the document that is signed, which names exactly those that are kept', async () => {
    const image = await store(aPng(4, 4), {}, 'li')
    const { document } = await prepare('li', [image])
    expect(document.keyImages).toEqual([image])
    await expect(prepare('li', [{ ...image, width: 5 }])).rejects.toEqual(
      code('bad-request', { reason: 'size' }),
    )
    await expect(prepare('li', [{ ...image, id: 'f'.repeat(64) }])).rejects.toEqual(code('key-image-missing'))
    await expect(prepare('li', [{ ...image, instance: '9.9' }])).rejects.toEqual(code('bad-request'))
    for (const keyImages of [[], [{ ...image, caption: '左肺' }]])
      await expect(room.submit('li', study, { ...document, keyImages })).rejects.toThrow()
    const { report } = await room.submit('li', study, document)
    expect(report.document.keyImages).toEqual([image])
    expect((await kept()).map(({ signed_version }) => signed_version)).toEqual([1])
  })

  it('goes through review with its draft, and comes back as it was handed in', async () => {
    const [one, two] = [await store(aPng(4, 4, 1)), await store(aPng(4, 4, 2))]
    await save('sun', 0, [one])
    await room.handlers.submitReport(request('sun', { text, baseRevision: 1 }))
    await room.handlers.takeReview(request('li', undefined))
    await save('li', 3, [two])
    await room.handlers.releaseReview(request('li', undefined))
    expect((await room.handlers.report(request('sun', undefined))).draft?.keyImages).toEqual([one])
  })

  it('that a signature was waiting for and is gone is not signed', async () => {
    const image = await store(aPng(4, 4), {}, 'li')
    const { document } = await prepare('li', [image])
    await room.store.db.deleteFrom('report_key_images').execute()
    await expect(room.submit('li', study, document)).rejects.toEqual(code('key-image-missing'))
  })

  it('that was changed in the store, or put under another id, is found', async () => {
    const [one, two] = [await store(aPng(4, 4, 1)), await store(aPng(4, 4, 2))]
    const sealed = (await kept()).find(({ id }) => id === two.id)?.sealed_png ?? ''
    await room.store.db
      .updateTable('report_key_images')
      .set({ sealed_png: sealed })
      .where('id', '=', one.id)
      .execute()
    await expect(pixels(one.id)).rejects.toEqual(code('internal', { damaged: 'report_key_images' }))
  })

  it('is one of a bounded number that wait for a signature', async () => {
    for (let value = 0; value < 48; value += 1) await store(aPng(2, 2, value))
    await expect(store(aPng(2, 2, 99))).rejects.toEqual(code('too-large', { limit: 48 }))
    room.time.now += day + 1
    expect(await store(aPng(2, 2, 99))).toMatchObject({ width: 2 })
  })
})

describe('key images that were given up', () => {
  it('are removed after a day; never what a draft, its submission or a signed version names', async () => {
    const signed = await store(aPng(4, 4, 1), {}, 'li')
    await room.submit('li', study, (await prepare('li', [signed])).document)
    const [drafted, handedIn, orphan] = [
      await store(aPng(4, 4, 2), {}, 'sun', other),
      await store(aPng(4, 4, 3), {}, 'sun', other),
      await store(aPng(4, 4, 4), {}, 'sun', other),
    ]
    await room.handlers.saveDraft(request('sun', { text, baseRevision: 0, keyImages: [handedIn] }, other))
    await room.handlers.submitReport(request('sun', { text, baseRevision: 1 }, other))
    await room.handlers.takeReview(request('li', undefined, other))
    await room.handlers.saveDraft(request('li', { text, baseRevision: 3, keyImages: [drafted] }, other))
    expect(await room.reports.removeOrphans()).toBe(0)
    room.time.now += day + 1
    // A flag that somebody took away does not lose what was signed.
    await room.store.db.updateTable('report_key_images').set({ signed_version: null }).execute()
    expect(await room.reports.removeOrphans()).toBe(1)
    expect((await kept()).map(({ id }) => id).sort()).toEqual([signed.id, drafted.id, handedIn.id].sort())
    await expect(pixels(orphan.id, other)).rejects.toEqual(code('not-found'))
  })
})

describe('key images that were given up beside a report that was damaged', () => {
  it('are removed all the same', async () => {
    for (const uid of [study, other]) {
      await room.handlers.saveDraft(request('sun', { text, baseRevision: 0 }, uid))
      await store(aPng(4, 4, 1), {}, 'sun', uid)
    }
    const [first] = (await kept()).map(({ report_id: id }) => id).sort()
    await room.store.db
      .updateTable('report_drafts')
      .set({ stage: 'submitted' })
      .where('report_id', '=', first!)
      .execute()
    room.time.now += day + 1
    await expect(room.reports.removeOrphans()).rejects.toThrow()
    expect((await kept()).map(({ report_id: id }) => id)).toEqual([first])
  })
})

describe('a file that says it is a PNG', () => {
  const whole = (...chunks: Buffer[]) =>
    Buffer.concat([pngSignature, ...chunks, chunk('IEND', new Uint8Array())])
  const grey = (bytes: number) => chunk('IDAT', deflateSync(Buffer.alloc(bytes)))

  it('is measured by its own header', async () => {
    expect(await pngSize(aPng(640, 480))).toEqual({ width: 640, height: 480 })
    const colours: [number, number][] = [
      [0, 1],
      [2, 3],
      [4, 2],
      [6, 4],
    ]
    for (const [type, samples] of colours) {
      const file = whole(header(3, 2, [8, type, 0, 0, 0]), grey(2 * (1 + 3 * samples)))
      expect(await pngSize(file)).toEqual({ width: 3, height: 2 })
    }
  })

  it.each<[string, () => Buffer, string]>([
    ['something else', () => Buffer.from('GIF89a'), 'bad-request'],
    ['nothing', () => Buffer.alloc(0), 'bad-request'],
    ['a signature alone', () => pngSignature, 'bad-request'],
    ['cut', () => aPng(4, 4).subarray(0, -3), 'bad-request'],
    ['with something behind it', () => Buffer.concat([aPng(4, 4), Buffer.from('<script>')]), 'bad-request'],
    [
      'with a changed byte',
      () => {
        const file = aPng(4, 4)
        file[45] = (file[45] ?? 0) ^ 1
        return file
      },
      'bad-request',
    ],
    ['of no size', () => whole(header(0, 4), grey(4)), 'bad-request'],
    ['of a size that nobody looks at', () => whole(header(4097, 1), grey(4098)), 'too-large'],
    [
      'of a size that would fill the memory',
      () => whole(header(0xffff_ffff, 0xffff_ffff), grey(10)),
      'too-large',
    ],
    ['of fewer pixels than it says', () => whole(header(4, 4), grey(19)), 'bad-request'],
    ['that swells', () => whole(header(4, 4), grey(50_000_000)), 'bad-request'],
    ['of 16 bits', () => whole(header(4, 4, [16, 0, 0, 0, 0]), grey(36)), 'bad-request'],
    ['with a palette', () => whole(header(4, 4, [8, 3, 0, 0, 0]), grey(20)), 'bad-request'],
    ['interlaced', () => whole(header(4, 4, [8, 0, 0, 0, 1]), grey(20)), 'bad-request'],
    ['without a header', () => whole(grey(20)), 'bad-request'],
    [
      'with a chunk longer than the file',
      () => Buffer.concat([pngSignature, Buffer.from('ffffffff49484452', 'hex')]),
      'bad-request',
    ],
    ['too long', () => Buffer.alloc(4_500_001), 'too-large'],
  ])('is refused: %s', async (_name, file, expected) => {
    await expect(pngSize(file())).rejects.toEqual(code(expected))
  })
})
