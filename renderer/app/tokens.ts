import type { CSSVariablesResolver } from '@mantine/core'

/** Surfaces, text, state and environment, one set per scheme. Components read these, never a hex value. */
const light = {
  '--q-window': '#ffffff',
  '--q-side': '#f6f7f9',
  '--q-raised': '#ffffff',
  '--q-sub': '#f6f7f9',
  '--q-hover': '#eef1f5',
  '--q-chosen': '#e6e9ee',
  '--q-line': '#e3e6eb',
  '--q-line2': '#d0d5dd',
  '--q-text': '#15181e',
  '--q-text2': '#4a5260',
  '--q-text3': '#626c7c',
  '--q-accent': '#2459d6',
  '--q-accent-fill': '#2459d6',
  '--q-accent-tint': '#eef3fe',
  '--q-ok': '#18794a',
  '--q-warn': '#8f5a00',
  '--q-warn-shape': '#c77f00',
  '--q-fail': '#c4291f',
  '--q-fail-fill': '#c4291f',
  '--q-fail-tint': '#fdf1f0',
  '--q-production': '#a3195b',
  '--q-production-tint': '#fbf0f5',
  '--q-staging': '#0b6a7b',
}

const dark: typeof light = {
  '--q-window': '#15171b',
  '--q-side': '#101215',
  '--q-raised': '#1b1e23',
  '--q-sub': '#1b1e23',
  '--q-hover': '#22262d',
  '--q-chosen': '#22262d',
  '--q-line': '#2b3038',
  '--q-line2': '#3c424c',
  '--q-text': '#e8eaee',
  '--q-text2': '#b1b8c3',
  '--q-text3': '#8d95a2',
  '--q-accent': '#82a8ff',
  '--q-accent-fill': '#3a68e0',
  '--q-accent-tint': '#1b2742',
  '--q-ok': '#42bf82',
  '--q-warn': '#e3a83c',
  '--q-warn-shape': '#e3a83c',
  '--q-fail': '#f4746a',
  '--q-fail-fill': '#d0453c',
  '--q-fail-tint': '#2d1a1a',
  '--q-production': '#c4317c',
  '--q-production-tint': '#2a1722',
  '--q-staging': '#55c2d4',
}

/** Mantine's own variables, said in ours, so that its parts and ours can't drift apart. */
const mantine = {
  '--mantine-color-body': 'var(--q-window)',
  '--mantine-color-text': 'var(--q-text)',
  '--mantine-color-dimmed': 'var(--q-text3)',
  '--mantine-color-placeholder': 'var(--q-text3)',
  '--mantine-color-anchor': 'var(--q-accent)',
  '--mantine-color-error': 'var(--q-fail)',
  '--mantine-color-default': 'var(--q-raised)',
  '--mantine-color-default-hover': 'var(--q-hover)',
  '--mantine-color-default-color': 'var(--q-text)',
  '--mantine-color-default-border': 'var(--q-line2)',
  '--mantine-color-disabled': 'var(--q-hover)',
  '--mantine-color-disabled-color': 'var(--q-text3)',
  '--mantine-color-disabled-border': 'var(--q-line)',
}

/** Feeds the tokens to Mantine, one set per colour scheme. */
export const resolveTokens: CSSVariablesResolver = () => ({
  variables: {},
  light: { ...light, ...mantine },
  dark: { ...dark, ...mantine },
})
