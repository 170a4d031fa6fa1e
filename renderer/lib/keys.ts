import type { Bridge } from '../../shared/bridge.ts'

/** How a shortcut is written on this system: `mod+shift+L` is `⌘⇧L` on macOS, `Ctrl ⇧ L` elsewhere. */
export function keyLabel(shortcut: string, platform: Bridge['platform']): string {
  const signs: Readonly<Record<string, string>> = {
    mod: platform === 'darwin' ? '⌘' : 'Ctrl',
    shift: '⇧',
    enter: '↵',
    up: '↑',
    down: '↓',
  }
  const parts = shortcut.split('+').map((part) => signs[part.toLowerCase()] ?? part)
  return parts.join(platform === 'darwin' ? '' : ' ')
}

/** True when a key press belongs to what floats above the screen: a dialog, a menu, a list to choose from. */
export function isFloating(target: EventTarget | null): boolean {
  const floating = '[role="dialog"], [role="menu"], [role="listbox"]'
  if (target instanceof Element && target.closest(floating) !== null) return true
  return document.querySelector('[role="dialog"]') !== null
}

/** True when a key press is meant for the field the user types in. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
  )
}
