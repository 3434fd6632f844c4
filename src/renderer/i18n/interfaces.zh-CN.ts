export const interfacesZh = { title: '' }
