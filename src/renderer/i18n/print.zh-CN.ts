export const printZh = {}
