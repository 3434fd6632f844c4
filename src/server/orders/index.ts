export { patientIndex, studyIndex } from './blind-indexes.ts'
export { examFacts } from './exam-facts.ts'
export { orderFits } from './matching.ts'
export { createOrders, type KeptOrder, type Orders } from './orders.ts'
