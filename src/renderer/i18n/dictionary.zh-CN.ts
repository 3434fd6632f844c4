export const dictionaryZh = { title: '' }
