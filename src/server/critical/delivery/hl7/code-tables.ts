/**
 * Our codes to those of HL7 v2.5.1's user-defined tables. Hospitals differ: this is the one place, and the place that a
 * target's own mapping will replace.
 */
export interface CodeTables {
  /** Table 0001, administrative sex. */
  sex: Record<string, string>
  /** Table 0004, patient class. A health check-up (体检) has no code of its own there: outpatient. */
  patientClass: Record<string, string>
  /** Table 0074, diagnostic service section, by DICOM modality. */
  section: Record<string, string>
  /** OBX-8, table 0078: AA is "very abnormal", what critical values are flagged with. */
  abnormalFlag: string
}

export const standardCodes: CodeTables = {
  sex: { M: 'M', F: 'F', O: 'O', '': 'U' },
  patientClass: { emergency: 'E', inpatient: 'I', outpatient: 'O', checkup: 'O', '': 'U' },
  section: { CT: 'CT', MR: 'NMR', US: 'RUS', DX: 'RX', CR: 'RX', RF: 'RX', NM: 'NMS', PT: 'NMS' },
  abnormalFlag: 'AA',
}
