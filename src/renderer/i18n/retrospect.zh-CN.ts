export const retrospectZh = { title: '' }
