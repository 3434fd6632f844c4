export { useAbout } from './about.ts'
export { BridgeProvider, type FrontDoor, useBridge, useClock } from './context.tsx'
export { useBridgeEvent, useFollowedState } from './events.ts'
export { unwrap } from './unwrap.ts'
