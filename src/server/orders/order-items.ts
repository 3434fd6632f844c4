import type { z } from 'zod'
import { Order } from '../../shared/order/index.ts'

/** What one order says of each of several items (胸部CT平扫, 上腹部CT平扫) under its accession number. */
export const OrderItem = Order.pick({
  applicationNumber: true,
  itemCode: true,
  itemName: true,
  bodyPart: true,
  priority: true,
  clinicalInfo: true,
  scheduledAt: true,
})
export type OrderItem = z.infer<typeof OrderItem>

/** Of an item, what a message says. */
export type ItemFacts = Partial<OrderItem>

export const itemFactNames = Object.keys(OrderItem.shape) as (keyof OrderItem)[]

/** The items' part of an order, or of what a message says of one. */
export function itemPart(facts: Partial<Order>): ItemFacts {
  return Object.fromEntries(
    itemFactNames.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])),
  )
}

/** The items of an order: it is its own where it has but one. */
export function itemsOf(order: Order, items: readonly OrderItem[]): readonly OrderItem[] {
  return items.length > 1 ? items : [OrderItem.parse(order)]
}

/** Which of the known items a message speaks of: of one by its application number and code, else of the application. */
export function spokenOf(known: readonly OrderItem[], said: ItemFacts): OrderItem[] {
  const ofApplication = known.filter((item) => sameApplication(item, said))
  return isNamed(said) ? ofApplication.filter((item) => sameItem(item, said)) : ofApplication
}

/**
 * The items after an order (`new`: whole for each application number that it names; those of other applications stay) or a
 * change (of the items that it names; one that is not known takes the place of the application's only one, else is added).
 */
export function itemsAfter(
  action: 'new' | 'change',
  known: readonly OrderItem[],
  said: readonly ItemFacts[],
): ItemFacts[] {
  if (action === 'new') {
    const applications = new Set(said.map(({ applicationNumber = '' }) => applicationNumber))
    const isAnew = ({ applicationNumber }: OrderItem) => applications.has(applicationNumber)
    const first = known.findIndex(isAnew)
    const before = known.slice(0, first < 0 ? known.length : first)
    const after = known.slice(before.length)
    return [...before, ...said, ...after.filter((item) => !isAnew(item))]
  }
  const next: ItemFacts[] = [...known]
  const taken = new Set(said.flatMap((each) => spokenOf(known, each)))
  for (const each of said) {
    let changed = spokenOf(known, each)
    const only = known.filter((item) => sameApplication(item, each))
    if (changed.length === 0 && only.length === 1 && !taken.has(only[0]!)) {
      changed = only
      taken.add(only[0]!)
    }
    for (const item of changed) next[known.indexOf(item)] = { ...item, ...each }
    if (changed.length === 0) next.push(each)
  }
  return next
}

/** Several items as one order: nothing that one of them says is left out, and the most urgent and the earliest count. */
export function joinedItems(items: readonly ItemFacts[]): ItemFacts {
  const all = <N extends keyof OrderItem>(name: N) =>
    items.flatMap((item) => (item[name] === undefined ? [] : [item[name] as OrderItem[N]]))
  const distinct = (name: 'itemCode' | 'itemName' | 'bodyPart' | 'clinicalInfo') => [
    ...new Set(all(name).filter((text) => text !== '')),
  ]
  const info = distinct('clinicalInfo').join('；')
  return {
    applicationNumber: all('applicationNumber').find((text) => text !== '') ?? '',
    itemCode: distinct('itemCode').join('+'),
    itemName: distinct('itemName').join('＋'),
    bodyPart: distinct('bodyPart').join('、'),
    clinicalInfo: info.length > 400 ? `${info.slice(0, 399)}…` : info,
    priority: all('priority').includes('stat') ? 'stat' : 'routine',
    scheduledAt: Math.min(...all('scheduledAt')),
  }
}

const isNamed = ({ itemCode, itemName }: ItemFacts) => Boolean(itemCode || itemName)

function sameApplication(item: OrderItem, { applicationNumber }: ItemFacts): boolean {
  return !applicationNumber || item.applicationNumber === '' || item.applicationNumber === applicationNumber
}

function sameItem(item: OrderItem, { itemCode, itemName }: ItemFacts): boolean {
  return itemCode && item.itemCode !== '' ? item.itemCode === itemCode : item.itemName === itemName
}
