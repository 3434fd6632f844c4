import { describe, expect, it } from 'vitest'
import { codeDigits } from '../../../src/renderer/entry/code-digits.ts'
import { countdownText } from '../../../src/renderer/entry/countdown.ts'
import { newPinMistake } from '../../../src/renderer/token/new-pin.ts'

describe('the fields of the entry', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['１２３４５６', '123456'],
    ['12-34a', '1234'],
    ['1234567890', '123456'],
    ['', ''],
  ])('reads %s as a code of %s', (typed, digits) => {
    expect(codeDigits(typed)).toBe(digits)
  })

  it('counts down in minutes and hours', () => {
    expect([0, 9, 75, 3599, 3600, 3661].map(countdownText)).toEqual([
      '0:00',
      '0:09',
      '1:15',
      '59:59',
      '1:00:00',
      '1:01:01',
    ])
  })

  it.each([
    ['', '222222', '222222', 'pinMissing'],
    ['111111', '', '', 'newPinMissing'],
    ['111111', '222222', '222223', 'newPinDiffers'],
    ['111111', '111111', '111111', 'newPinSame'],
    ['111111', '22222', '22222', 'newPinLength'],
    ['111111', '2'.repeat(17), '2'.repeat(17), 'newPinLength'],
    ['111111', '222222', '222222', null],
  ])('a new PIN from %s by %s and %s', (pin, newPin, newPinAgain, mistake) => {
    expect(newPinMistake({ pin, newPin, newPinAgain }, { minLength: 6, maxLength: 16 })).toBe(mistake)
  })

  it('leaves an unknown length to the key', () => {
    expect(newPinMistake({ pin: '1', newPin: '2', newPinAgain: '2' }, {})).toBeNull()
  })
})
