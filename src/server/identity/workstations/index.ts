export { createEnrol, createEnrolmentCodes } from './enrolment.ts'
export { createWorkstations, type Workstations } from './workstations.ts'
