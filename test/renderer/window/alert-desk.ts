import type { AlertDetail, AlertEvent } from '../../../src/shared/alert/index.ts'
import { isOpen } from '../../../src/shared/alert/index.ts'
import { delivery, everyEvent, type Happened, later, madeAlert, second } from '../alerts/made-alert.ts'
import type { FakeWorkstation } from './fake-workstation.ts'

/** The gateway's part of alerts over the fake bridge: what is done becomes events, and their state is the product's own. */
export function alertDesk(fake: FakeWorkstation, details: AlertDetail[], damaged: string[] = []) {
  const found = (id: string) => {
    const detail = details.find(({ alert }) => alert.id === id)
    return detail ?? fake.fail('not-found')
  }
  const happens = (id: string, ...events: AlertEvent[]) => {
    const at = details.findIndex(({ alert }) => alert.id === id)
    const before = found(id)
    const happened: Happened[] = [
      ...before.events.map(({ event, recordedAt }): Happened => [event, recordedAt]),
      ...events.map((event): Happened => [event, Date.now()]),
    ]
    const { level, own, patientName, accessionNumber, typeName } = before.alert
    details[at] = madeAlert(
      id,
      happened,
      { level, own, patientName, accessionNumber, typeName },
      before.deliveries,
    )
    fake.emit({ kind: 'alert-changed', alertId: id })
  }
  const { handlers } = fake
  handlers['alerts.list'] = ({ show, study }) => ({
    alerts: details
      .map(({ alert }) => alert)
      .filter(
        (alert) =>
          (study === undefined || alert.studyInstanceUid === study) &&
          (show !== 'open' || isOpen(alert.state)) &&
          (show !== 'check' || alert.state.status === 'awaiting-check') &&
          (show !== 'own' || alert.own),
      ),
    damaged,
  })
  handlers['alert.open'] = ({ alert }) => found(alert)
  handlers['alert.withdraw'] = ({ alert, reason }) => {
    happens(alert, { kind: 'withdrawn', by: second, reason })
    return {}
  }
  handlers['alert.object'] = ({ alert, remark }) => {
    happens(alert, { kind: 'check-objected', by: second, remark })
    return {}
  }
  handlers['alert.close'] = ({ alert }) => {
    happens(alert, { kind: 'closed', by: second })
    return {}
  }
  handlers['alert.check'] = ({ alert }) => {
    happens(alert, { kind: 'checked', by: second, twice: false }, { kind: 'released', unchecked: false })
    return {}
  }
  handlers['alert.record-call'] = ({ alert, handling, ...call }) => {
    happens(alert, { kind: 'called', by: second, ...call })
    if (handling) happens(alert, { ...everyEvent.handled, source: 'phone', measure: handling, at: call.at })
    return {}
  }
  handlers['workstation.attention'] = () => ({})
  return { happens, details }
}

const { raised, released, delivered, received, handled, refused, escalated, exhausted } = everyEvent

/** One alert of each kind of trouble and of none, begun so many minutes ago. */
export function aDayOfAlerts(now: number): AlertDetail[] {
  const sent = (minutes: number): Happened[] => [
    [raised, later(now, -minutes)],
    [released, later(now, -minutes)],
  ]
  const came = (minutes: number): Happened[] => [...sent(minutes), [delivered, later(now, 0.1 - minutes)]]
  return [
    madeAlert('A2611220001', came(2), {}, [delivery({ deliveredAt: later(now, -1.9) })]),
    madeAlert(
      'A2611220002',
      [...came(13), [{ ...escalated, skipped: [] }, later(now, -8)], [exhausted, later(now, -3)]],
      {
        patientName: '阿依古丽·买买提·阿不都热合曼·吐尔逊那依',
        typeName: '急性硬膜下血肿并脑疝形成、中线结构移位',
      },
      [delivery(), delivery({ id: 'd2', kind: 'escalation' })],
    ),
    madeAlert(
      'A2611220003',
      [...sent(4), [refused, later(now, -3.5)]],
      { level: 'orange', typeName: '大量胸腔积液', patientName: '陈静怡', accessionNumber: 'DX20261122031' },
      [
        delivery({ state: 'refused', attempts: 3, lastError: 'AR:204' }),
        delivery({
          id: 'd2',
          target: '集成平台 SOAP 危急值接口',
          state: 'retrying',
          attempts: 12,
          lastError: 'ack-timeout',
          nextAttemptAt: later(now, 1),
        }),
      ],
    ),
    madeAlert(
      'A2611220004',
      [
        [raised, later(now, -1)],
        [{ kind: 'check-requested', until: later(now, 4) }, later(now, -1)],
      ],
      {
        own: false,
        raisedBy: '周晓彤',
        typeName: '肺栓塞',
        patientName: '欧阳明德',
        accessionNumber: 'CT20261122007',
      },
    ),
    madeAlert(
      'A2611220005',
      [
        [raised, later(now, -1)],
        [{ kind: 'check-requested', until: later(now, 4) }, later(now, -1)],
      ],
      { level: 'yellow', typeName: '睾丸扭转', patientName: '黄志强', accessionNumber: 'US20261122011' },
    ),
    madeAlert(
      'A2611220006',
      [...came(20), [received, later(now, -17)], [handled, later(now, -10)]],
      { typeName: '主动脉夹层', patientName: '赵敏', accessionNumber: 'CT20261122009' },
      [delivery()],
    ),
    madeAlert(
      'A2611220007',
      [...came(40), [{ ...everyEvent.withdrawn }, later(now, -35)]],
      { level: 'orange', typeName: '急性脑积水', patientName: '郑丽' },
      [delivery(), delivery({ id: 'd2', kind: 'cancel' })],
    ),
  ]
}
