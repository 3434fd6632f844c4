export { choiceArguments, choicesOf, standingChoice, type TokenChoice } from './choices.ts'
export { PinField } from './pin-field.tsx'
export { TokenPicker } from './token-picker.tsx'
export { type ChosenToken, useChosenToken } from './use-chosen-token.ts'
