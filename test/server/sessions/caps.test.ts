import { describe, expect, it } from 'vitest'
import { capReached, type Occupancy } from '../../../src/server/sessions/caps.ts'
import type { Role } from '../../../src/shared/access/index.ts'
import { SecurityPolicy } from '../../../src/shared/policy/index.ts'

const { caps } = SecurityPolicy.parse({
  session: {
    caps: {
      total: 10,
      emergencyPlaces: 2,
      perWorkstation: 1,
      perRole: { radiologist: 5 },
      period: { signIns: 30, minutes: 60 },
    },
  },
}).session
const empty: Occupancy = { total: 0, ordinary: 0, workstation: 0, byRole: new Map(), signIns: 0 }
const roles: Role[] = ['radiologist']

describe('a place for a session', () => {
  it.each<[string, Partial<Occupancy>, boolean, object | null]>([
    ['is there while all is empty', {}, false, null],
    ['is the last ordinary one', { total: 7, ordinary: 7 }, false, null],
    ['is not among those kept free', { total: 8, ordinary: 8 }, false, { cap: 'total', limit: 8 }],
    ['kept free is there in an emergency', { total: 8, ordinary: 8 }, true, null],
    ['kept free is there for the last of them', { total: 9, ordinary: 8 }, true, null],
    ['ends for everybody with the total', { total: 10, ordinary: 8 }, true, { cap: 'total', limit: 10 }],
    ['is not lost to those who sit on a kept one', { total: 9, ordinary: 7 }, false, null],
    [
      'is not there where emergencies fill all',
      { total: 10, ordinary: 3 },
      false,
      { cap: 'total', limit: 10 },
    ],
    ['is not at a workstation that is taken', { workstation: 1 }, false, { cap: 'workstation', limit: 1 }],
    [
      'is not at a taken workstation in an emergency either',
      { workstation: 1 },
      true,
      { cap: 'workstation', limit: 1 },
    ],
    [
      'is not there for a role that is full',
      { byRole: new Map([['radiologist', 5]]) },
      false,
      { cap: 'role', limit: 5, role: 'radiologist' },
    ],
    ['is the role’s last', { byRole: new Map([['radiologist', 4]]) }, false, null],
    [
      'is there in an emergency though the role is full',
      { byRole: new Map([['radiologist', 5]]) },
      true,
      null,
    ],
    ['is the last of the period', { signIns: 29 }, false, null],
    [
      'is not there when the period is used up',
      { signIns: 30 },
      false,
      { cap: 'period', limit: 30, minutes: 60 },
    ],
    ['is there in an emergency though the period is used up', { signIns: 30 }, true, null],
  ])('%s', (_, taken, emergency, reached) => {
    expect(capReached({ emergency, roles }, { ...empty, ...taken }, caps)).toEqual(reached)
  })

  it('is not held against a role that has no cap', () => {
    const full = { ...empty, byRole: new Map<Role, number>([['radiologist', 5]]) }
    expect(capReached({ emergency: false, roles: ['technologist'] }, full, caps)).toBeNull()
  })
})
