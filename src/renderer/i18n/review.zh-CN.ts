export const reviewZh = {}
