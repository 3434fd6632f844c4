import type { DefaultCodes } from '../codes.ts'

/** Our codes to those of HL7 v2.5.1's user-defined tables, where a target's configuration does not say otherwise. */
export const standardCodes: DefaultCodes = {
  /** Table 0001, administrative sex. */
  sex: { M: 'M', F: 'F', O: 'O', '': 'U', '*': 'U' },
  /** Table 0004, patient class. A health check-up (体检) has no code of its own there: outpatient. */
  patientClass: { emergency: 'E', inpatient: 'I', outpatient: 'O', checkup: 'O', '': 'U', '*': 'U' },
  /** Table 0074, diagnostic service section, by DICOM modality. */
  section: {
    CT: 'CT',
    MR: 'NMR',
    US: 'RUS',
    DX: 'RX',
    CR: 'RX',
    RF: 'RX',
    NM: 'NMS',
    PT: 'NMS',
    '': 'RAD',
    '*': 'RAD',
  },
  /** OBX-8, table 0078: AA is "very abnormal", what critical values are flagged with. */
  abnormalFlag: { '*': 'AA' },
}
