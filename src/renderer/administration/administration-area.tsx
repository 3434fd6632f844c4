import BootstrapScreen from '../bootstrap/bootstrap-screen.tsx'
import { Accounts } from './accounts/accounts.tsx'
import { Alarms } from './alarms/alarms.tsx'
import { AuditWorkplace } from './audit/audit-workplace.tsx'
import { Backup } from './backup/backup.tsx'
import { Certificates } from './certificates.tsx'
import { FallbackGrants } from './fallback-grants.tsx'
import { Interfaces } from './interfaces/interfaces.tsx'
import { LabelsScreen } from './labels/labels-screen.tsx'
import { PolicyScreen } from './policy/policy-screen.tsx'
import { Protection } from './protection/protection.tsx'
import { Sessions } from './sessions.tsx'
import { SignInFailures } from './sign-in-failures.tsx'
import { Workstations } from './workstations/workstations.tsx'

const screens = {
  accounts: Accounts,
  workstations: Workstations,
  sessions: Sessions,
  'sign-in-failures': SignInFailures,
  certificates: Certificates,
  'fallback-grants': FallbackGrants,
  policy: PolicyScreen,
  labels: LabelsScreen,
  interfaces: Interfaces,
  audit: AuditWorkplace,
  alarms: Alarms,
  protection: Protection,
  backup: Backup,
  bootstrap: BootstrapScreen,
}

/** What the three officers look after, and how there come to be officers; each screen shows only with its permission. */
export default function AdministrationArea({ area }: { area: keyof typeof screens }) {
  const Screen = screens[area]
  return <Screen />
}
