import type { Role } from '../../shared/access/index.ts'
import type { ShippedRecord } from '../audit/index.ts'
import { eventCodes } from './event-codes.ts'
import { codeElement, participantObjects } from './participant-objects.ts'
import { type Element, xmlOf } from './xml.ts'

/** Who sends. */
export interface AuditSource {
  gatewayId: string
  /** The hospital's name; empty where none is configured. */
  hospital: string
  /** The gateway's machine. */
  hostName: string
}

/** A person of the hospital's staff, by account id. Patients are never named. */
export type Staff = ReadonlyMap<string, { name: string; roles: readonly Role[] }>

const outcomes = { success: '0', refused: '4', failed: '8' } as const

/** The record as an audit message of DICOM PS3.15 A.5 (IHE ITI-20), XML. */
export function auditMessage(record: ShippedRecord, source: AuditSource, staff: Staff): string {
  const { row } = record
  const { id, action, type } = eventCodes(row.action)
  const reason = row.outcome === 'success' ? undefined : `${row.action}: ${row.outcome}`
  const identification: Element = {
    name: 'EventIdentification',
    attributes: {
      EventActionCode: action,
      EventDateTime: new Date(row.at).toISOString(),
      EventOutcomeIndicator: outcomes[row.outcome],
    },
    children: [
      codeElement('EventID', id),
      ...(type ? [codeElement('EventTypeCode', type)] : []),
      codeElement('EventTypeCode', { code: row.action, system: 'Vigil', text: row.action }),
      ...(reason ? [{ name: 'EventOutcomeDescription', children: [reason] }] : []),
    ],
  }
  const auditSource: Element = {
    name: 'AuditSourceIdentification',
    attributes: {
      AuditEnterpriseSiteID: source.hospital || undefined,
      AuditSourceID: source.gatewayId,
    },
    // An application server.
    children: [{ name: 'AuditSourceTypeCode', attributes: { 'csd-code': '4' } }],
  }
  return xmlOf({
    name: 'AuditMessage',
    children: [
      identification,
      ...participants(record, source, staff),
      auditSource,
      ...participantObjects(record),
    ],
  })
}

/** Who did it, the workstation that they did it at, and the gateway as the process that it was done in. */
function participants({ row }: ShippedRecord, source: AuditSource, staff: Staff): Element[] {
  const at = row.actor.indexOf(':')
  const [kind, id] = at < 0 ? ['unknown', row.actor] : [row.actor.slice(0, at), row.actor.slice(at + 1)]
  const address = row.address ? { NetworkAccessPointID: row.address, NetworkAccessPointTypeCode: '2' } : {}
  const byItself = kind === 'gateway'
  const all: Element[] = []
  if (!byItself) {
    const person = kind === 'account' ? staff.get(id) : undefined
    all.push({
      name: 'ActiveParticipant',
      attributes: {
        UserID: kind === 'account' || kind === 'workstation' ? id : `${kind}:${id}`,
        AlternativeUserID: row.session && `session:${row.session}`,
        UserName: person?.name,
        UserIsRequestor: 'true',
        ...address,
      },
      children: (person?.roles ?? []).map((role) =>
        codeElement('RoleIDCode', { code: role, system: 'Vigil', text: role }),
      ),
    })
  }
  if (row.workstation && !(kind === 'workstation' && id === row.workstation)) {
    all.push({
      name: 'ActiveParticipant',
      attributes: { UserID: row.workstation, UserIsRequestor: 'false', ...address },
      children: [codeElement('RoleIDCode', { code: '110153', system: 'DCM', text: 'Source Role ID' })],
    })
  }
  all.push({
    name: 'ActiveParticipant',
    attributes: {
      UserID: source.gatewayId,
      UserIsRequestor: String(byItself),
      NetworkAccessPointID: source.hostName,
      NetworkAccessPointTypeCode: '1',
    },
    children: [codeElement('RoleIDCode', { code: '110150', system: 'DCM', text: 'Application' })],
  })
  return all
}
