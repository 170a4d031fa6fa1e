import type { WebContents } from 'electron'

/**
 * Gives each page a signal that is aborted when it goes: closed, crashed or loaded anew. Work that
 * nobody waits for any more ends with it.
 */
export function pageSignals(): (contents: WebContents) => AbortSignal {
  const pages = new WeakMap<WebContents, AbortController>()
  return (contents) => {
    const known = pages.get(contents)
    if (known !== undefined) return known.signal
    const page = new AbortController()
    pages.set(contents, page)
    const end = () => {
      contents.off('destroyed', end)
      contents.off('did-navigate', end)
      contents.off('render-process-gone', end)
      pages.delete(contents)
      page.abort()
    }
    contents.once('destroyed', end)
    contents.once('did-navigate', end)
    contents.once('render-process-gone', end)
    return page.signal
  }
}
