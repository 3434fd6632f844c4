import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { z } from 'zod'
import { VigilError } from '../../shared/errors/index.ts'
import { DraftAmendment, KeyImages, ReportText } from '../../shared/report/index.ts'
import { Uid } from '../../shared/study/index.ts'
import type { RandomBytes } from '../../shared/time/clock.ts'

/** A draft as kept on this workstation. */
export const LocalDraft = z.object({
  accountId: z.string().min(1),
  study: Uid,
  text: ReportText,
  /** Over a signed report: what the new version is for. */
  amendment: DraftAmendment.optional(),
  /** Absent where it was not said: those that the gateway has stay. */
  keyImages: KeyImages.optional(),
  /** Epoch ms of this workstation's clock. */
  savedAt: z.number(),
  /** The gateway's revision that the text was made from; 0 for none. */
  baseRevision: z.int().nonnegative(),
  /** True where the gateway has this very text. */
  synced: z.boolean(),
})
export type LocalDraft = z.infer<typeof LocalDraft>

/**
 * A draft file: "VGD1", 12-byte nonce, AES-256-GCM ciphertext, 16-byte tag. The file's name is a keyed hash of account
 * and study and is bound in as associated data, so a file cannot be passed off as another person's or another study's,
 * and the directory shows neither.
 */
export interface DraftCipher {
  fileName(accountId: string, study: string): string
  seal(draft: LocalDraft): Buffer
  /** @throws VigilError draft-unreadable */
  open(fileName: string, accountId: string, content: Uint8Array): LocalDraft
}

const magic = Buffer.from('VGD1', 'latin1')
const nonceLength = 12
const tagLength = 16

export function createDraftCipher(key: Buffer, random: RandomBytes): DraftCipher {
  const contentKey = derive(key, 'vigil/draft/content/v1')
  const nameKey = derive(key, 'vigil/draft/name/v1')

  const fileName = (accountId: string, study: string) =>
    `${createHmac('sha256', nameKey)
      .update(JSON.stringify([accountId, study]))
      .digest('hex')}.draft`
  const boundTo = (name: string, accountId: string) =>
    Buffer.from(JSON.stringify(['vigil/draft/v1', name, accountId]), 'utf8')

  return {
    fileName,
    seal(draft) {
      const nonce = Buffer.from(random(nonceLength))
      const cipher = createCipheriv('aes-256-gcm', contentKey, nonce)
      cipher.setAAD(boundTo(fileName(draft.accountId, draft.study), draft.accountId))
      const body = Buffer.concat([cipher.update(JSON.stringify(draft), 'utf8'), cipher.final()])
      return Buffer.concat([magic, nonce, body, cipher.getAuthTag()])
    },
    open(name, accountId, content) {
      try {
        const bytes = Buffer.from(content)
        if (!bytes.subarray(0, magic.length).equals(magic)) throw new RangeError('not a draft')
        const nonce = bytes.subarray(magic.length, magic.length + nonceLength)
        const decipher = createDecipheriv('aes-256-gcm', contentKey, nonce, { authTagLength: tagLength })
        decipher.setAAD(boundTo(name, accountId))
        decipher.setAuthTag(bytes.subarray(-tagLength))
        const body = bytes.subarray(magic.length + nonceLength, -tagLength)
        const text = Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8')
        const draft = LocalDraft.parse(JSON.parse(text))
        if (fileName(draft.accountId, draft.study) !== name) throw new RangeError('not this draft')
        return draft
      } catch {
        // No cause: the parsers' messages may quote the text.
        throw new VigilError('draft-unreadable')
      }
    },
  }
}

function derive(key: Buffer, purpose: string): Buffer {
  return createHmac('sha256', key).update(purpose).digest()
}
