export { choiceArguments } from './choices.ts'
export { PinField } from './pin-field.tsx'
export { TokenPicker } from './token-picker.tsx'
export { useChosenToken } from './use-chosen-token.ts'
