import type { Foundation } from '../../foundation.ts'

/** Display names of who is signed in now, by workstation id. */
export async function signedInByWorkstation(
  { store, clock }: Pick<Foundation, 'store' | 'clock'>,
  displayNames: () => Promise<ReadonlyMap<string, string>>,
): Promise<Map<string, string[]>> {
  const sessions = await store.db
    .selectFrom('sessions')
    .select(['account_id', 'workstation_id'])
    .where('state', '!=', 'ended')
    .where('expires_at', '>', clock())
    .orderBy('started_at')
    .execute()
  const names = sessions.length > 0 ? await displayNames() : new Map<string, string>()
  const there = new Map<string, string[]>()
  for (const session of sessions) {
    const name = names.get(session.account_id) ?? ''
    there.set(session.workstation_id, [...(there.get(session.workstation_id) ?? []), name])
  }
  return there
}
