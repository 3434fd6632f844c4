import {
  type AccessTerms,
  decide,
  decideAccess,
  decideReveal,
  Permission,
  type Relationship,
  Role,
  Sensitivity,
} from '../../../src/shared/access/index.ts'

/** What the page calls things; the window's own words are in src/renderer/i18n. */
const roles: Record<Role, string> = {
  radiologist: '放射医师',
  resident: '报告医师',
  technologist: '技师',
  'quality-manager': '质控管理员',
  'system-administrator': '系统管理员',
  'security-officer': '安全保密员',
  auditor: '安全审计员',
  'bootstrap-administrator': '初始化管理员',
}
const labels: Record<Sensitivity, string> = {
  general: '一般',
  sensitive: '敏感',
  'highly-sensitive': '高度敏感',
}
export const relationships: readonly (Relationship | null)[] = [
  'reading',
  'author',
  'same-patient',
  'own-day',
  'oversight',
  null,
]

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [row(head), row(head.map(() => '---')), ...rows.map(row)]
}

function permissions(): string[] {
  const rows = Permission.options.map((permission) => [
    `\`${permission}\``,
    ...Role.options.map((role) => {
      if (!decide({ roles: [role] }, permission)) return ''
      return decide({ roles: [role], factor: 'fallback' }, permission) ? '✓' : '✓ key'
    }),
  ])
  return table(['', ...Role.options.map((role) => `${roles[role]}<br>${role}`)], rows)
}

/** Every combination of what a decision looks at, as it is with these terms. */
function decisions(terms: AccessTerms, hour: number): string[] {
  const rows = Sensitivity.options.flatMap((label) =>
    Sensitivity.options.map((clearance) => [
      labels[label],
      labels[clearance],
      ...relationships.map((relationship) => {
        const asked = { carries: true, clearance, label, relationship, glass: false, hour }
        const decision = decideAccess(asked, terms)
        return decision.granted ? '✓' : decision.because
      }),
    ]),
  )
  return table(['label', 'clearance', ...relationships.map((one) => one ?? 'none')], rows)
}

function reveals(terms: AccessTerms): string[] {
  const rows = Sensitivity.options.flatMap((label) =>
    Sensitivity.options.map((clearance) => [
      labels[label],
      labels[clearance],
      ...relationships.map((relationship) => {
        const asked = { carries: true, clearance, label, relationship, glass: false, hour: 9 }
        const { granted } = decideAccess(asked, terms)
        const reveal = decideReveal({ carries: true, label, relationship, granted })
        if (!reveal.allowed) return 'glass'
        return reveal.needsReason ? 'reason' : '✓'
      }),
    ]),
  )
  return table(['label', 'clearance', ...relationships.map((one) => one ?? 'none')], rows)
}

/** docs/data-protection/permissions.md, printed from the code: it cannot say anything else than what is decided. */
export function permissionPage(delivered: AccessTerms): string {
  const dayOnly = { ...delivered, sensitiveFromHour: 7, sensitiveUntilHour: 19 }
  const strict = { ...dayOnly, relationshipFrom: 'sensitive' as const }
  return [
    '# Who may do what',
    '',
    'Printed by `vitest run test/shared/access -u` from `src/shared/access`; a test fails while the page says anything else. The reasons',
    'stand beside the table, in `src/shared/access/index.ts`. What is not ticked is refused.',
    '',
    '## Roles and permissions',
    '',
    '`key`: only in a session that began with the key, not with password and code.',
    '',
    ...permissions(),
    '',
    '## Role ∧ label ∧ time ∧ relationship',
    '',
    'For who has the permission. ✓ opens; otherwise the condition that is not met. Broken glass opens every cell of these tables, and',
    'nothing to who lacks the permission.',
    '',
    '### As delivered',
    '',
    ...decisions(delivered, 9),
    '',
    '### Sensitive exams from 7 to 19 only, at 22 o’clock; a relationship from 敏感 on',
    '',
    ...decisions(strict, 22),
    '',
    '### The same at 9 o’clock',
    '',
    ...decisions(strict, 9),
    '',
    '## The bare identity, on need (`identity.reveal`)',
    '',
    '✓ at once, `reason` with a reason, `glass` only by breaking the glass; audited each time. As delivered.',
    '',
    ...reveals(delivered),
    '',
  ].join('\n')
}
