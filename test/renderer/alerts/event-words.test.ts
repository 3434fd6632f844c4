import { describe, expect, it } from 'vitest'
import {
  clinicianText,
  deliveryError,
  eventWords,
  recipientText,
} from '../../../src/renderer/alerts/event-words.ts'
import { createI18n } from '../../../src/renderer/i18n/index.ts'
import { AlertEvent, type AlertEvent as Event, MessageKind } from '../../../src/shared/alert/index.ts'
import { everyEvent, head, second, ward } from './made-alert.ts'

const zh = (await createI18n('zh-CN')).t
const en = (await createI18n('en')).t
const kinds = Object.keys(everyEvent) as Event['kind'][]
const said = (event: Event) => {
  const { title, facts } = eventWords(zh, event)
  return [title, ...facts].join(' ')
}

describe('the record of an alert in words', () => {
  it('knows every kind of event that there is', () => {
    const contract = AlertEvent.options.map((option) => option.shape.kind.value)
    expect(kinds.toSorted()).toEqual(contract.toSorted())
    for (const kind of kinds) expect(AlertEvent.safeParse(everyEvent[kind]).success, kind).toBe(true)
  })

  it.each(kinds)('%s: in both languages, with no key and no gap shown', (kind) => {
    for (const t of [zh, en]) {
      const { title, facts } = eventWords(t, everyEvent[kind])
      for (const text of [title, ...facts]) {
        expect(text).not.toMatch(/alerts\.|\{\{|undefined|null/)
        expect(text.trim()).not.toBe('')
      }
    }
    expect(eventWords(zh, everyEvent[kind]).title).toMatch(/\p{Script=Han}/u)
  })

  it('has a different title for each', () => {
    const titles = kinds.map((kind) => eventWords(zh, everyEvent[kind]).title)
    expect(new Set(titles).size).toBe(kinds.length)
  })

  it.each(MessageKind.options)('names the message (%s) that arrived or was given up', (message) => {
    expect(said({ ...everyEvent.delivered, message })).toMatch(/已送达 HIS$/)
    expect(said({ ...everyEvent.refused, message })).toMatch(/被拒收 HIS /)
  })

  it('says who answered, whether they repeated it, by which way, and at what time by their clock', () => {
    expect(said(everyEvent.received)).toMatch(
      /^护士 陈静怡 已接收 已复读，内容一致 接口回执 对方时间 \d\d:\d\d:\d\d$/,
    )
    expect(said({ ...everyEvent.received, readBack: false })).toContain('未复读')
    expect(said(everyEvent.handled)).toMatch(/^医师 孙医生 已处置 急诊手术 已联系手术室 HL7 回执/)
  })

  it('says to whom it was escalated, why, and whom nobody is known for', () => {
    const line = said(everyEvent.escalated)
    expect(line).toBe('第 1 次升级：科主任 王建业（神经外科） 超时未接收 8123 未登记联系人，已跳过：申请医师')
    expect(said({ ...everyEvent.exhausted, awaited: 'handle' })).toBe('升级链已到头，仍无人应答 超时未处置')
  })

  it('tells a call that reached somebody from one that did not', () => {
    expect(said(everyEvent.called)).toMatch(/^李明华 电话通知 护士 陈静怡 8120 已复读，内容一致 通话时间/)
    const vain = eventWords(zh, { ...everyEvent.called, reached: false, readBack: false })
    expect(vain.title).toBe('李明华 致电 护士 陈静怡，未接通')
    expect(vain.facts.join()).not.toContain('复读')
    expect(vain.tone).toBe('bad')
  })

  it('tells who closed it from what closed itself', () => {
    expect(said(everyEvent.closed)).toBe('到时自动闭环')
    expect(said({ kind: 'closed', by: second })).toBe('周晓彤 确认闭环')
  })

  it('tells a second person from one person twice, and a release without either', () => {
    expect(said(everyEvent.checked)).toBe('周晓彤 核对无误')
    expect(said({ ...everyEvent.checked, twice: true })).toBe('周晓彤 一人两次核对无误')
    expect(said({ kind: 'released', unchecked: true })).toBe('超时未核对，已直接发出')
  })

  it('leaves out what nobody gave', () => {
    const { facts } = eventWords(zh, { ...everyEvent.handled, opinion: '', measure: ' ' })
    expect(facts).toHaveLength(2)
  })
})

describe('names', () => {
  it('say the office once', () => {
    expect(recipientText(zh, head)).toBe('科主任 王建业（神经外科）')
    expect(recipientText(zh, ward)).toBe('神经外科一病区')
    expect(recipientText(zh, { ...head, name: '', department: '' })).toBe('科主任')
    expect(recipientText(zh, { ...head, kind: 'duty-office', name: '总值班', department: '' })).toBe('总值班')
    expect(recipientText(zh, { ...head, kind: 'duty-office', name: '总值班室' })).toBe('总值班室')
  })

  it('say the role where it says something', () => {
    expect(clinicianText(zh, { name: '陈静', role: 'nurse' })).toBe('护士 陈静')
    expect(clinicianText(zh, { name: '值班主任 马超', role: 'other' })).toBe('值班主任 马超')
    expect(clinicianText(zh, { name: '', role: 'other' })).toBe('其他')
  })

  it('give a delivery error in words, and one that is not known as it stands', () => {
    expect(deliveryError(zh, 'ack-timeout')).toBe('对方应答超时')
    expect(deliveryError(zh, 'AR:204')).toBe('对方拒绝（AR） 错误代码 AR:204')
    expect(deliveryError(zh, 'x:Fault.constructor')).toBe('错误代码 x:Fault.constructor')
    expect(deliveryError(zh, 'http:503')).toBe('对方接口返回错误 错误代码 http:503')
    expect(deliveryError(zh, 'result-missing')).toBe('对方应答缺少结果')
    expect(deliveryError(zh, 'constructor')).toBe('错误代码 constructor')
  })
})
