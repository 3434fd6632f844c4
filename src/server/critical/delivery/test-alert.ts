import type { OutgoingMessage } from './adapter.ts'

/** What people see first, wherever it turns up. */
const mark = '【测试】'

/** An invented alert about nobody, for trying an interface. Every text that a person may read says that it is a test. */
export function testMessage(deps: {
  newId: () => string
  now: number
  by: { accountId: string; displayName: string }
}): OutgoingMessage {
  const { newId, now, by } = deps
  const recipient = {
    kind: 'ward' as const,
    name: `${mark}病区`,
    department: `${mark}科室`,
    code: 'TEST',
    phone: '',
  }
  const deadlines = { receiveMinutes: 5, handleMinutes: 30, hopMinutes: 5 }
  return {
    controlId: newId(),
    sentAt: now,
    attempt: 1,
    test: true,
    recipient,
    ward: recipient.name,
    bed: 'T-01',
    detail: { kind: 'notice' },
    alert: {
      id: newId(),
      type: 'TEST',
      typeName: `${mark}接口测试`,
      level: 'yellow',
      dictionaryVersion: 'test',
      content: `${mark}接口联调测试，非真实危急值，请勿处理。`,
      keyword: mark,
      excerpt: `${mark}本条为接口测试消息。`,
      findingType: null,
      side: null,
      recipient,
      timing: { deadlines, closeAfterHours: 0 },
      escalation: [],
      repeats: null,
      raisedAt: now,
      patient: {
        id: 'TEST-0001',
        name: `${mark}患者`,
        namePinyin: 'Test Patient',
        sex: 'O',
        birthDate: '19700101',
        age: '056Y',
        patientClass: 'outpatient',
        visitNumber: 'TEST-V1',
        ward: recipient.name,
        bed: 'T-01',
        phone: '',
      },
      order: {
        accessionNumber: 'TEST-0001',
        applicationNumber: 'TEST-0001',
        itemCode: 'TEST',
        itemName: `${mark}检查项目`,
        orderingDoctor: `${mark}医生`,
        orderingDepartment: recipient.department,
      },
      exam: {
        studyInstanceUid: '2.25.0',
        modality: 'CT',
        bodyPart: `${mark}部位`,
        examAt: now,
        reportId: 'TEST-0001',
        reportVersion: 1,
      },
      reporter: { accountId: by.accountId, name: by.displayName },
    },
  }
}
