import { describe, expect, it } from 'vitest'
import { areasOf } from '../../../src/renderer/app/areas.ts'
import { createPreferences } from '../../../src/renderer/app/preferences.ts'
import { permissionsOf, type Role } from '../../../src/shared/access/index.ts'

describe('areas', () => {
  it.each<[Role, string[]]>([
    ['radiologist', ['reading', 'report-search']],
    ['quality-manager', ['reading', 'report-search', 'missed', 'statistics', 'dictionary']],
    ['technologist', ['exam']],
    ['system-administrator', ['accounts', 'workstations', 'interfaces', 'alarms', 'protection', 'backup']],
    [
      'security-officer',
      [
        'accounts',
        'workstations',
        'sessions',
        'sign-in-failures',
        'certificates',
        'fallback-grants',
        'policy',
        'labels',
        'alarms',
        'protection',
      ],
    ],
    ['auditor', ['audit', 'fallback-grants', 'policy', 'labels', 'alarms', 'backup']],
    ['bootstrap-administrator', ['bootstrap']],
  ])('%s sees %j', (role, areas) => {
    expect(areasOf(permissionsOf({ roles: [role] }))).toEqual(areas)
  })

  it('shows nothing to who may nothing', () => {
    expect(areasOf([])).toEqual([])
  })
})

describe('preferences', () => {
  const storage = (initial: string | null) => {
    let kept = initial
    return {
      getItem: () => kept,
      setItem: (_key: string, value: string) => {
        kept = value
      },
    }
  }

  it('keeps what was written', () => {
    const preferences = createPreferences(storage(null))
    preferences.write({ imageShare: 0.5 })
    preferences.write({ language: 'en' })
    preferences.write({ lastToken: 'p12:0', quietFor: ['a1'] })
    expect(preferences.read()).toEqual({
      language: 'en',
      imageShare: 0.5,
      lastToken: 'p12:0',
      quietFor: ['a1'],
      priorReport: false,
    })
  })

  it.each(['not json', '7', 'null', '{"language":"xx","imageShare":9,"lastToken":7,"quietFor":"a1"}'])(
    'takes %s for nothing',
    (kept) => {
      expect(createPreferences(storage(kept)).read()).toEqual({
        language: 'zh-CN',
        imageShare: 0.62,
        lastToken: '',
        quietFor: [],
        priorReport: false,
      })
    },
  )
})
