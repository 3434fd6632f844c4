export const worklistRoomZh = {}
