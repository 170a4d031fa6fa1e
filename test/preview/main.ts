// The window without a core: the real renderer over a bridge that answers with invented data, to look
// at every screen in every state. Never part of the app; shots.ts builds it and takes the pictures.
import '../../renderer/zod-without-eval.ts'
import { previewBridge } from './bridge.ts'
import { scenarioNames } from './scenarios.ts'

const asked = new URLSearchParams(location.search).get('scenario')
const scenario = scenarioNames.find((name) => name === asked) ?? 'usual'
Object.defineProperty(window, 'quayside', { value: previewBridge(scenario) })
await import('../../renderer/main.tsx')
