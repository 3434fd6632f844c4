import type { Sensitivity } from '../../../shared/access/index.ts'
import type { PatientClass } from '../../../shared/order/index.ts'
import type { OrderFeedConfig, OrderFeedField } from '../../config/index.ts'
import { zoneOf } from '../../hl7/index.ts'

/** How one hospital's messages are read: where each fact stands, and what its codes mean. */
export interface FeedMapping {
  processingId: string
  /** Minutes east of UTC, of times without a zone; null for the gateway's own. */
  zoneMinutes: number | null
  patientId: { type?: string | undefined; authority?: string | undefined }
  fields: Readonly<Record<OrderFeedField, readonly string[]>>
  orderControl: Readonly<Record<string, OrderAction>>
  sex: Readonly<Record<string, 'M' | 'F' | 'O'>>
  patientClass: Readonly<Record<string, PatientClass>>
  priority: Readonly<Record<string, 'stat' | 'routine'>>
  modality: Readonly<Record<string, string>>
  department: Readonly<Record<string, string>>
  ward: Readonly<Record<string, string>>
  sensitivity: Readonly<Record<string, Sensitivity>>
}

/** What ORC-1 asks for; `ignore` is a message about something that is not kept here. */
export type OrderAction = 'new' | 'change' | 'cancel' | 'ignore'

/** HL7 v2.5.1 and the IHE radiology profile, as they are met in hospitals. */
const fields: FeedMapping['fields'] = {
  accessionNumber: ['IPC-1', 'OBR-18', 'ORC-3', 'OBR-3'],
  applicationNumber: ['ORC-2', 'OBR-2'],
  studyInstanceUid: ['IPC-3', 'ZDS-1'],
  sex: ['PID-8'],
  birthDate: ['PID-7'],
  age: [],
  patientClass: ['PV1-2'],
  visitNumber: ['PV1-19'],
  ward: ['PV1-3'],
  bed: ['PV1-3.3'],
  phone: ['PID-13', 'PID-13.12'],
  itemCode: ['OBR-4'],
  itemName: ['OBR-4.2', 'OBR-4.5', 'OBR-4'],
  bodyPart: ['OBR-15.4.2', 'OBR-15.4'],
  modality: ['IPC-5', 'OBR-24'],
  priority: ['TQ1-9', 'ORC-7.6', 'OBR-27.6', 'OBR-5'],
  orderingDoctor: ['ORC-12', 'OBR-16'],
  orderingDepartment: ['ORC-17.2', 'ORC-17', 'PV1-3.4', 'PV1-10'],
  clinicalInfo: ['OBR-13', 'OBR-31.2', 'OBR-31', 'DG1-4', 'DG1-3.2'],
  orderedAt: ['ORC-9', 'ORC-15', 'OBR-6'],
  // All of them count, and the strictest holds.
  sensitivity: ['ORC-28', 'PV1-16'],
  scheduledAt: ['TQ1-7', 'ORC-7.4', 'OBR-27.4', 'OBR-36', 'OBR-6'],
}

/** Table 0119. A status alone (SC) changes nothing here. */
const orderControl: FeedMapping['orderControl'] = {
  NW: 'new',
  XO: 'change',
  XX: 'change',
  RP: 'change',
  CA: 'cancel',
  OC: 'cancel',
  DC: 'cancel',
  SC: 'ignore',
}

/** Table 0001, and GB/T 2261.1. */
const sex: FeedMapping['sex'] = {
  M: 'M',
  F: 'F',
  O: 'O',
  U: 'O',
  A: 'O',
  N: 'O',
  '1': 'M',
  '2': 'F',
  '0': 'O',
  '9': 'O',
  男: 'M',
  女: 'F',
  男性: 'M',
  女性: 'F',
  未知: 'O',
  '': 'O',
}

/** Table 0004, the codes of Chinese health data sets, and plain words. */
const patientClass: FeedMapping['patientClass'] = {
  E: 'emergency',
  I: 'inpatient',
  P: 'inpatient',
  B: 'inpatient',
  O: 'outpatient',
  R: 'outpatient',
  '1': 'outpatient',
  '2': 'emergency',
  '3': 'inpatient',
  门诊: 'outpatient',
  急诊: 'emergency',
  住院: 'inpatient',
  体检: 'checkup',
}

/** Tables 0027 and 0485, and plain words. As soon as possible is not left to wait among the routine ones. */
const priority: FeedMapping['priority'] = {
  S: 'stat',
  STAT: 'stat',
  A: 'stat',
  ASAP: 'stat',
  T: 'stat',
  R: 'routine',
  P: 'routine',
  C: 'routine',
  N: 'routine',
  急诊: 'stat',
  紧急: 'stat',
  加急: 'stat',
  普通: 'routine',
  常规: 'routine',
  '0': 'routine',
  '1': 'stat',
  '': 'routine',
}

/** Table 0074 where it means one modality, and DICOM's own codes. RX and the like mean several: a hospital says which. */
const modality: FeedMapping['modality'] = {
  ...Object.fromEntries(
    ['CT', 'MR', 'US', 'DX', 'CR', 'MG', 'RF', 'XA', 'NM', 'PT', 'ES', 'ECG', 'IO', 'PX', 'BMD', 'OT'].map(
      (code) => [code, code],
    ),
  ),
  NMR: 'MR',
  MRI: 'MR',
  RUS: 'US',
  VUS: 'US',
  OUS: 'US',
  DR: 'DX',
  RX: 'DX',
  DSA: 'XA',
  PET: 'PT',
}

/** Tables 0177 (confidentiality) and 0099 (VIP indicator), and plain words. What no table names is rather hidden than shown. */
const sensitivity: FeedMapping['sensitivity'] = {
  V: 'highly-sensitive',
  R: 'sensitive',
  EMP: 'sensitive',
  UWM: 'sensitive',
  VIP: 'sensitive',
  PSY: 'sensitive',
  AID: 'sensitive',
  HIV: 'sensitive',
  ETH: 'sensitive',
  U: 'general',
  N: 'general',
  '0': 'general',
  否: 'general',
  普通: 'general',
  一般: 'general',
  绝密: 'highly-sensitive',
  机密: 'highly-sensitive',
  '*': 'sensitive',
}

export function feedMapping(config: OrderFeedConfig): FeedMapping {
  const { codes } = config
  const given = Object.entries(config.fields).filter(([, places]) => places !== undefined)
  return {
    processingId: config.processingId,
    zoneMinutes: config.zone === undefined ? null : zoneOf(config.zone),
    patientId: config.patientId,
    fields: { ...fields, ...(Object.fromEntries(given) as Partial<FeedMapping['fields']>) },
    orderControl: { ...orderControl, ...codes.orderControl },
    sex: { ...sex, ...codes.sex },
    patientClass: { ...patientClass, ...codes.patientClass },
    priority: { ...priority, ...codes.priority },
    modality: { ...modality, ...codes.modality },
    department: codes.department,
    ward: codes.ward,
    sensitivity: { ...sensitivity, ...codes.sensitivity },
  }
}
