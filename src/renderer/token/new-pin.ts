/** What is wrong with a new PIN before the key is asked; null where nothing is. */
export function newPinMistake(
  typed: { pin: string; newPin: string; newPinAgain: string },
  bounds: { minLength?: number; maxLength?: number },
): 'pinMissing' | 'newPinMissing' | 'newPinDiffers' | 'newPinSame' | 'newPinLength' | null {
  const { pin, newPin, newPinAgain } = typed
  if (pin === '') return 'pinMissing'
  if (newPin === '') return 'newPinMissing'
  if (newPin !== newPinAgain) return 'newPinDiffers'
  if (newPin === pin) return 'newPinSame'
  const { minLength = 1, maxLength = 64 } = bounds
  return newPin.length < minLength || newPin.length > maxLength ? 'newPinLength' : null
}
