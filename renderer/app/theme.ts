import {
  Button,
  createTheme,
  Input,
  InputWrapper,
  Menu,
  Modal,
  PasswordInput,
  Progress,
  Select,
  Skeleton,
  Switch,
  Tooltip,
} from '@mantine/core'

/**
 * The system's own fonts, and no family that it does not have: each of those is looked for in vain once
 * for every weight and size that is drawn first.
 */
const fonts = {
  darwin: {
    fontFamily: 'system-ui, sans-serif',
    fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, monospace',
  },
  win32: {
    fontFamily: '"Segoe UI Variable Text", "Segoe UI", sans-serif',
    fontFamilyMonospace: '"Cascadia Mono", Consolas, monospace',
  },
  linux: { fontFamily: 'system-ui, sans-serif', fontFamilyMonospace: 'monospace' },
} as const

const fade = { transition: 'fade', duration: 100 } as const

/** The look of Quayside as a Mantine theme. */
export const theme = createTheme({
  primaryColor: 'quay',
  primaryShade: { light: 6, dark: 5 },
  black: '#15181e',
  defaultRadius: 'sm',
  cursorType: 'pointer',
  respectReducedMotion: true,
  colors: {
    quay: [
      '#eef3fe',
      '#dbe5fc',
      '#b7caf9',
      '#82a8ff',
      '#5d88f0',
      '#3a68e0',
      '#2459d6',
      '#1d4bb8',
      '#183e98',
      '#12307a',
    ],
    gray: [
      '#f6f7f9',
      '#eef1f5',
      '#e3e6eb',
      '#d0d5dd',
      '#b4bbc7',
      '#8b94a3',
      '#626c7c',
      '#4a5260',
      '#2c323c',
      '#15181e',
    ],
    dark: [
      '#e8eaee',
      '#b1b8c3',
      '#8d95a2',
      '#5b636f',
      '#3c424c',
      '#2b3038',
      '#22262d',
      '#15171b',
      '#101215',
      '#0b0c0e',
    ],
  },
  ...fonts[window.quayside.platform],
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '15px', xl: '20px' },
  lineHeights: { xs: '16px', sm: '16px', md: '20px', lg: '24px', xl: '28px' },
  spacing: { xs: '4px', sm: '8px', md: '16px', lg: '24px', xl: '32px' },
  radius: { xs: '3px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
  shadows: {
    xs: 'none',
    sm: 'none',
    md: '0 8px 24px rgba(10,14,22,.14)',
    lg: '0 16px 48px rgba(10,14,22,.22)',
  },
  components: {
    Button: Button.extend({
      defaultProps: { variant: 'default' },
      vars: (_theme, props) => ({
        root: {
          '--button-height': props.size === 'xs' ? '28px' : '32px',
          '--button-padding-x': props.size === 'xs' ? '10px' : '12px',
          '--button-fz': props.size === 'xs' ? '12px' : '13px',
        },
      }),
    }),
    Input: Input.extend({
      vars: () => ({
        wrapper: {
          '--input-height': '32px',
          '--input-fz': '13px',
          '--input-padding': '10px',
          '--input-bd-focus': 'var(--q-accent)',
        },
      }),
    }),
    InputWrapper: InputWrapper.extend({
      vars: () => ({
        label: { '--input-label-size': '13px', '--input-asterisk-color': undefined },
        error: { '--input-error-size': '12px' },
        success: {},
        description: { '--input-description-size': '12px' },
      }),
    }),
    Select: Select.extend({
      defaultProps: { allowDeselect: false, comboboxProps: { transitionProps: fade } },
    }),
    Menu: Menu.extend({
      defaultProps: {
        shadow: 'md',
        transitionProps: fade,
        position: 'bottom-end',
        offset: 4,
        // It would stand among the entries, of which it is none.
        withInitialFocusPlaceholder: false,
      },
    }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        withCloseButton: false,
        transitionProps: fade,
        shadow: 'lg',
        radius: 'md',
        padding: 24,
        size: 400,
        overlayProps: { backgroundOpacity: 0.4 },
      },
    }),
    PasswordInput: PasswordInput.extend({
      vars: () => ({ root: { '--psi-icon-size': '16px', '--psi-button-size': '24px' } }),
    }),
    Progress: Progress.extend({ defaultProps: { transitionDuration: 0 } }),
    Skeleton: Skeleton.extend({ defaultProps: { radius: 'sm', animate: false } }),
    Switch: Switch.extend({ defaultProps: { size: 'xs', withThumbIndicator: false } }),
    Tooltip: Tooltip.extend({
      defaultProps: { openDelay: 400, transitionProps: fade, fz: 12, px: 8, py: 4 },
    }),
  },
})
