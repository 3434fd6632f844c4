/** Names in a backup directory, and at every off-site place: the same everywhere. */

/** Bytes of a file that are compared, and carried, as one. */
export const blockBytes = 65_536
/** Blocks that are compressed and sealed together. */
export const blocksPerChunk = 16

/** Sorts by the time that it was begun. */
export const backupIdPattern = /^\d{8}T\d{9}Z-[0-9a-f]{8}$/
export const databasePath = 'vigil.db'

export function newBackupId(at: number, random: Uint8Array): string {
  const time = new Date(at).toISOString().replace(/[-:.]/g, '')
  return `${time}-${Buffer.from(random).subarray(0, 4).toString('hex')}`
}

/** Written last: a backup without it does not exist. */
export const manifestKey = (id: string): string => `${id}/manifest`
/** The same, before every byte was read back. */
export const unprovenManifestKey = (id: string): string => `${id}/manifest.new`
export const chunkKey = (id: string, chunk: number): string => `${id}/${chunkName(chunk)}`
export const chunkName = (chunk: number): string => `${String(chunk).padStart(6, '0')}.chunk`

/** What the parts are sealed as: none can stand in another's place. */
export const chunkLabel = (id: string, chunk: number): string => `backup/${id}/chunk/${chunk}`
/** Over the clear header too. */
export const manifestLabel = (id: string, headerHash: string): string => `backup/${id}/manifest/${headerHash}`
