import './trusted-types.ts'
import './zod-without-eval.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no #root.')
document.documentElement.dataset.platform = window.quayside.platform
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
