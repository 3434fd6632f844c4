import type { Permission } from '../../shared/access/index.ts'

export type Area =
  | 'reading'
  | 'exam'
  | 'report-search'
  | 'missed'
  | 'statistics'
  | 'dictionary'
  | 'interfaces'
  | 'accounts'
  | 'workstations'
  | 'sessions'
  | 'sign-in-failures'
  | 'certificates'
  | 'fallback-grants'
  | 'policy'
  | 'labels'
  | 'audit'
  | 'alarms'
  | 'protection'
  | 'backup'
  | 'bootstrap'

const needs: readonly (readonly [Area, readonly Permission[]])[] = [
  ['reading', ['worklist.read', 'study.read', 'report.read']],
  ['exam', ['worklist.read', 'exam.progress']],
  ['report-search', ['report.search']],
  ['missed', ['alert.statistics']],
  ['statistics', ['alert.statistics']],
  ['dictionary', ['dictionary.manage']],
  ['accounts', ['account.read']],
  ['workstations', ['workstation.read']],
  ['interfaces', ['interface.manage']],
  ['sessions', ['session.read']],
  ['sign-in-failures', ['sign-in-failure.read']],
  ['certificates', ['certificate.read']],
  // Before what the auditor shares with others: it is their work.
  ['audit', ['audit.read']],
  ['fallback-grants', ['fallback.read']],
  ['policy', ['policy.read']],
  ['labels', ['break-glass.read']],
  ['alarms', ['alarm.read']],
  ['protection', ['protection.read']],
  ['backup', ['backup.read']],
  ['bootstrap', ['officer.create']],
]

/** The areas that a person's permissions open, in the order of the header. What is not permitted is not shown. */
export function areasOf(permissions: readonly Permission[]): Area[] {
  return needs
    .filter(([, required]) => required.every((permission) => permissions.includes(permission)))
    .map(([area]) => area)
}
