import { createHash } from 'node:crypto'
import type { Transaction } from 'kysely'
import { VigilError } from '../../shared/errors/index.ts'
import type { KeyImage } from '../../shared/report/index.ts'
import type { Study } from '../../shared/study/index.ts'
import type { AuditEntry } from '../audit/index.ts'
import type { Foundation } from '../foundation.ts'
import { IntegrityError, type Place } from '../protection/index.ts'
import type { Queries, Schema } from '../store/index.ts'
import { openDraft } from './kept-draft.ts'
import { pngSize } from './png.ts'
import { readVersions } from './versions.ts'

/** So many pictures of one report wait for a signature at most: those that a draft names, and those it named lately. */
const mostWaiting = 48
/** How long one is kept that nothing names (any more). */
const orphanMs = 24 * 3_600_000

/** The pixels of key images: kept sealed under their own hash, which the signature over the report covers. */
export function createKeyImages(foundation: Pick<Foundation, 'store' | 'protection' | 'audit' | 'clock'>) {
  const { store, protection, audit, clock } = foundation

  const place = (reportId: string, id: string): Place => ({
    table: 'report_key_images',
    column: 'sealed_png',
    row: `${reportId}/${id}`,
  })

  /** @throws VigilError where it is no PNG that is taken, or of no image of this study. */
  async function keep(
    reportId: string,
    study: Study,
    { png, ...about }: Omit<KeyImage, 'id' | 'width' | 'height'> & { png: string },
    actor: AuditEntry['actor'],
  ): Promise<KeyImage> {
    mustBeIn(study, about)
    const file = Buffer.from(png, 'base64')
    const size = await pngSize(file)
    const id = createHash('sha256').update(file).digest('hex')
    await removeOrphans(reportId)
    await store.transaction(async (trx) => {
      await audit.append(trx, {
        action: 'report.key-image-stored',
        outcome: 'success',
        actor,
        object: { kind: 'report', id: reportId },
        about: [{ kind: 'study', id: study.studyInstanceUid }],
        detail: { image: id },
      })
      const waiting = await trx
        .selectFrom('report_key_images')
        .select('id')
        .where('report_id', '=', reportId)
        .where('signed_version', 'is', null)
        .execute()
      if (waiting.some((one) => one.id === id)) {
        // Again: whoever stored it first may have given it up, and its day begins anew.
        await trx
          .updateTable('report_key_images')
          .set({ created_at: clock() })
          .where('report_id', '=', reportId)
          .where('id', '=', id)
          .execute()
        return
      }
      if (waiting.length >= mostWaiting) throw new VigilError('too-large', { limit: mostWaiting })
      await trx
        .insertInto('report_key_images')
        .values({
          report_id: reportId,
          id,
          sealed_png: protection.seal(place(reportId, id), png),
          created_at: clock(),
          signed_version: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    })
    return { id, ...about, ...size }
  }

  /** @throws VigilError `not-found`; IntegrityError where the pixels are not those of the id. */
  async function read(queries: Queries, reportId: string, id: string): Promise<Buffer> {
    const row = await queries
      .selectFrom('report_key_images')
      .select('sealed_png')
      .where('report_id', '=', reportId)
      .where('id', '=', id)
      .executeTakeFirst()
    if (!row) throw new VigilError('not-found')
    const file = Buffer.from(protection.open(place(reportId, id), row.sealed_png), 'base64')
    if (createHash('sha256').update(file).digest('hex') !== id) throw new IntegrityError(place(reportId, id))
    return file
  }

  /** That the gateway has each of these. @throws VigilError `key-image-missing` */
  async function mustBeKept(queries: Queries, reportId: string, images: readonly KeyImage[]): Promise<void> {
    const named = new Set(images.map(({ id }) => id))
    if (named.size === 0) return
    const rows = await queries
      .selectFrom('report_key_images')
      .select('id')
      .where('report_id', '=', reportId)
      .where('id', 'in', [...named])
      .execute()
    if (rows.length < named.size) throw new VigilError('key-image-missing')
  }

  /** That what is to be signed says of each picture what is so: its size, and an image of this study. @throws VigilError */
  async function mustBeTrue(reportId: string, study: Study, images: readonly KeyImage[]): Promise<void> {
    for (const image of images) {
      mustBeIn(study, image)
      const file = await read(store.db, reportId, image.id).catch((error: unknown) => {
        if (error instanceof VigilError) throw new VigilError('key-image-missing')
        throw error
      })
      // IHDR stands first: it was proven when the file was kept.
      const size = { width: file.readUInt32BE(16), height: file.readUInt32BE(20) }
      if (size.width !== image.width || size.height !== image.height)
        throw new VigilError('bad-request', { field: 'keyImages', reason: 'size' })
    }
  }

  /** From this version on they stay for ever. */
  async function signed(
    trx: Transaction<Schema>,
    reportId: string,
    version: number,
    images: readonly KeyImage[],
  ): Promise<void> {
    await mustBeKept(trx, reportId, images)
    if (images.length === 0) return
    await trx
      .updateTable('report_key_images')
      .set({ signed_version: version })
      .where('report_id', '=', reportId)
      .where(
        'id',
        'in',
        images.map(({ id }) => id),
      )
      .where('signed_version', 'is', null)
      .execute()
  }

  /** Removes what was given up a day ago, of one report or of all; never what a draft or a signed version names. */
  async function removeOrphans(ofReport?: string): Promise<number> {
    let query = store.db
      .selectFrom('report_key_images')
      .select('report_id')
      .distinct()
      .where('signed_version', 'is', null)
      .where('created_at', '<', clock() - orphanMs)
    if (ofReport !== undefined) query = query.where('report_id', '=', ofReport)
    let removed = 0
    let failure: unknown = null
    for (const { report_id: reportId } of await query.execute()) {
      try {
        removed += await store.transaction((trx) => removeOf(trx, reportId))
      } catch (error) {
        // One report that was damaged does not keep what is left of all others.
        failure ??= error
      }
    }
    if (failure !== null) throw failure
    return removed
  }

  async function removeOf(trx: Transaction<Schema>, reportId: string): Promise<number> {
    const named = new Set<string>()
    const draft = await trx
      .selectFrom('report_drafts')
      .selectAll()
      .where('report_id', '=', reportId)
      .executeTakeFirst()
    if (draft) {
      const kept = openDraft(protection, draft)
      for (const { id } of [...kept.keyImages, ...(kept.handedIn?.keyImages ?? [])]) named.add(id)
    }
    // What the column says is not taken on trust: what was signed must not be lost to a changed flag.
    for (const { document } of await readVersions(trx, protection, reportId))
      for (const { id } of document.keyImages ?? []) named.add(id)
    let orphans = trx
      .deleteFrom('report_key_images')
      .where('report_id', '=', reportId)
      .where('signed_version', 'is', null)
      .where('created_at', '<', clock() - orphanMs)
    if (named.size > 0) orphans = orphans.where('id', 'not in', [...named])
    const { numDeletedRows } = await orphans.executeTakeFirst()
    const removed = Number(numDeletedRows)
    if (removed > 0)
      await audit.append(trx, {
        action: 'report.key-images-removed',
        outcome: 'success',
        actor: { kind: 'gateway', id: 'gateway' },
        object: { kind: 'report', id: reportId },
        detail: { images: removed },
      })
    return removed
  }

  return { keep, read, mustBeKept, mustBeTrue, signed, removeOrphans }
}
export type KeptKeyImages = ReturnType<typeof createKeyImages>

/** @throws VigilError `bad-request` for a picture of something else. */
function mustBeIn(
  study: Study,
  { series, instance, frame }: Pick<KeyImage, 'series' | 'instance' | 'frame'>,
): void {
  const found = study.series
    .find(({ seriesInstanceUid }) => seriesInstanceUid === series)
    ?.instances.find(({ sopInstanceUid }) => sopInstanceUid === instance)
  if (!found || frame > found.frames)
    throw new VigilError('bad-request', { field: 'keyImages', reason: 'not-of-study' })
}
