export { accessionIndex, patientIndex, studyIndex } from './blind-indexes.ts'
export { type ExamFacts, examFacts } from './exam-facts.ts'
export { orderFits } from './matching.ts'
export { createOrders, type KeptOrder, type Orders } from './orders.ts'
