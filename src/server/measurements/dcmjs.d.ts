/** The part of dcmjs that is used: a data set in DICOM JSON's own shape, written as a Part 10 file. It brings no types. */
declare module 'dcmjs' {
  interface Element {
    vr: string
    Value: unknown[]
  }
  const dcmjs: {
    data: {
      DicomDict: new (
        meta: Record<string, Element>,
      ) => { dict: Record<string, Element>; write(options?: object): ArrayBuffer }
    }
  }
  export default dcmjs
}
