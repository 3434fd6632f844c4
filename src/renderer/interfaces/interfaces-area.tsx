/** The hospital's interfaces: where alerts go, what came back, and what could not be taken in. */
export default function InterfacesArea() {
  return null
}
