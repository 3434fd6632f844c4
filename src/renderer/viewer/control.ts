/** What the host may do with the images from outside. */
export interface ViewerControl {
  /** Moves the active pane by so many images. */
  scroll(by: number): void
  /** Puts the focus on the active pane. */
  focus(): void
  /** Shows one image, in the pane that has its series or else in the active one; false where it is not in this study. */
  showImage(image: { series: string; instance: string; frame: number }): boolean
}
