declare global {
  interface Window {
    /** Not among TypeScript's own declarations yet. */
    readonly trustedTypes?: {
      createPolicy(name: 'default', rules: { createHTML(text: string): string | null }): unknown
    }
  }
}

// React writes the text of Mantine's style elements as if it were HTML, and the window's content
// security policy asks what may pass as such: text that cannot make an element, and nothing else.
window.trustedTypes?.createPolicy('default', {
  createHTML: (text) => (text.includes('<') ? null : text),
})

export {}
