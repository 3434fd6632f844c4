import defaultDictionary from '../../../../assets/dictionary/default.json' with { type: 'json' }

/** What a gateway process is told on its standard input. */
export interface Round {
  dir: string
  /** Hex. */
  masterKey: string
  /** Of the gateway. */
  config: object
  /** Number of its first report; no two rounds have one in common. */
  first: number
}

/** What has not been acknowledged within this is overdue: less than a round and the next take. */
export const receiveMs = 600
const hours = 8 * 60

/** A red alert is escalated once, within a round or two; nothing else is due for hours. */
export const rules = {
  deadlines: {
    red: { receiveMinutes: receiveMs / 60_000, handleMinutes: hours, hopMinutes: hours },
    orange: { receiveMinutes: hours, handleMinutes: hours, hopMinutes: hours },
    yellow: { receiveMinutes: hours, handleMinutes: hours, hopMinutes: hours },
  },
  closeAfterHours: 72,
  contacts: [
    { kind: 'doctor', department: '', name: '值班医师', phone: '8001' },
    { kind: 'duty-office', department: '', name: '总值班', phone: '8000' },
  ],
}
export const dictionary = { ...defaultDictionary, rules }
