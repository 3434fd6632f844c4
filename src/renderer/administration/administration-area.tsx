import type { Area } from '../app/areas.ts'
import { Accounts } from './accounts.tsx'
import { AuditTrail } from './audit-trail.tsx'
import { Sessions } from './sessions.tsx'
import { Workstations } from './workstations.tsx'

/** What the three administrative roles look at; each table shows only with its permission. */
export default function AdministrationArea({ area }: { area: Exclude<Area, 'reading' | 'exam'> }) {
  switch (area) {
    case 'accounts':
      return <Accounts />
    case 'workstations':
      return <Workstations />
    case 'sessions':
      return <Sessions />
    case 'audit':
      return <AuditTrail />
  }
}
