import defaultDictionary from '../assets/dictionary/default.json' with { type: 'json' }
import type { CriticalRulesInput } from '../src/shared/critical/index.ts'

/** The invented hospital's own rules: somebody to tell at every hop, and deadlines short enough to watch them pass. */
const rules: CriticalRulesInput = {
  deadlines: { red: { receiveMinutes: 1, handleMinutes: 5, hopMinutes: 1 } },
  contacts: [
    { kind: 'department-head', department: '急诊科', code: 'D001', name: '许主任', phone: '8101' },
    { kind: 'department-head', department: '神经外科', code: 'D002', name: '沈主任', phone: '8202' },
    { kind: 'department-head', name: '医务科值班主任', code: 'D000', phone: '8100' },
    { kind: 'ward', department: '急诊科', code: 'W001', name: '急诊护士站', phone: '8110' },
    { kind: 'duty-office', code: 'Z001', name: '总值班室', phone: '8000' },
  ],
}

/** The product's list under the demo hospital's rules. */
export const demoDictionary = { ...defaultDictionary, version: 'demo-1', rules }
