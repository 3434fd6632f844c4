import type { Alarm } from '../../../shared/alarm/index.ts'
import { useBridge } from '../../bridge/index.ts'
import { administrationKey, type Listing, useListing } from '../frame/listing.ts'

const table = 'alarms'
/** Asked for again at once when the gateway says that one has changed. */
export const alarmsQueryKey = [administrationKey, table]

/** Every alarm that stands or was cleared lately. */
export function useAlarms(): Listing<Alarm> {
  const bridge = useBridge()
  return useListing(table, bridge.alarmsList, 60_000)
}
