/**
 * Puts text that is no secret on the clipboard. Secrets go by `databases.copy`, which never passes
 * them through the window.
 */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    // The window is denied every permission, the asynchronous clipboard's among them; the old
    // command needs none, only the click that led here.
    copyBySelection(text)
  }
}

function copyBySelection(text: string): void {
  const focused = document.activeElement
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  document.body.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  if (focused instanceof HTMLElement) focused.focus()
  if (!done) throw new Error('The clipboard is not available.')
}
