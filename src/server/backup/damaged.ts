/** A backup, or a part of it, is not what was written. Names the backup and the part; no content. */
export class BackupDamaged extends Error {
  readonly backupId: string
  readonly part: string

  constructor(backupId: string, part: string, options?: { cause?: unknown }) {
    super(`backup ${backupId} is damaged: ${part}`, options)
    this.name = 'BackupDamaged'
    this.backupId = backupId
    this.part = part
  }
}

/** The master key that a backup stands under is not to be had, or another was given; says which is needed. Holds no key. */
export class MasterKeyNeeded extends Error {
  readonly backupId: string

  constructor(backupId: string, why: string, options?: { cause?: unknown }) {
    super(why, options)
    this.name = 'MasterKeyNeeded'
    this.backupId = backupId
  }
}

/** What a catalogue and an alarm say of a failure: a code, never the message of somebody else's error. */
export function failureCode(thrown: unknown): string {
  if (thrown instanceof BackupDamaged) return 'damaged'
  if (thrown instanceof BackupRefused) return thrown.code
  if (thrown instanceof MasterKeyNeeded) return 'master-key-needed'
  const code = (thrown as { code?: unknown } | null)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL' || code === 'EFBIG') return 'disk-full'
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return 'not-writable'
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code.toLowerCase()
  return 'failed'
}

/** A backup or a transfer that was not begun, or was given up, for a reason with a name. */
export class BackupRefused extends Error {
  readonly code: string
  readonly facts: Readonly<Record<string, number | string>>

  constructor(code: string, facts: Record<string, number | string> = {}) {
    super(code)
    this.name = 'BackupRefused'
    this.code = code
    this.facts = facts
  }
}
