import { theme as antd, type ThemeConfig } from 'antd'

/** Dark, dense, one accent. The same colours stand in base.css as custom properties. */
export const theme: ThemeConfig = {
  algorithm: antd.darkAlgorithm,
  token: {
    // System fonts only: nothing is fetched, and Chinese shows in the platform's own face.
    fontFamily: 'var(--font)',
    fontSize: 13,
    controlHeight: 32,
    controlHeightSM: 26,
    borderRadius: 4,
    motion: false,
    colorPrimary: '#2f74c0',
    // Darker, not lighter: white on it stays readable.
    colorPrimaryHover: '#2a69ae',
    colorInfo: '#5aa5f0',
    colorSuccess: '#4fb894',
    colorWarning: '#e0a63a',
    colorError: '#f0706a',
    colorLink: '#7ab8f5',
    colorBgBase: '#11161b',
    colorBgLayout: '#0d1115',
    colorBgContainer: '#151b21',
    colorBgElevated: '#1c242c',
    colorBorder: '#3a4652',
    colorBorderSecondary: '#27313a',
    colorText: '#d9e0e7',
    colorTextSecondary: '#a3afbb',
    colorTextTertiary: '#8a97a4',
    colorTextPlaceholder: '#84919e',
  },
  components: {
    Button: {
      primaryShadow: 'none',
      defaultShadow: 'none',
      dangerShadow: 'none',
      dangerColor: '#1d0504',
      defaultHoverColor: '#7ab8f5',
      defaultHoverBorderColor: '#5aa5f0',
      defaultActiveColor: '#7ab8f5',
      defaultActiveBorderColor: '#5aa5f0',
    },
    Splitter: { splitBarSize: 4, splitTriggerSize: 8 },
    Modal: { titleFontSize: 15 },
  },
}
