import type { Clock } from '../../../shared/time/clock.ts'
import type { GatewayConfig } from '../../config/index.ts'
import { directoryPlace } from './directory.ts'
import type { Place } from './place.ts'
import { s3Place } from './s3.ts'
import { sftpPlace } from './sftp.ts'

export type PlaceConfig = GatewayConfig['backup']['offSite'][number]

/** An off-site place, as the configuration describes it. It connects with the first thing that is asked of it. */
export function openPlace(config: PlaceConfig, deps: { clock: Clock }): Place {
  if (config.kind === 'sftp') return sftpPlace(config)
  if (config.kind === 's3') return s3Place(config, deps)
  return directoryPlace(config.name, config.path)
}
