import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type { Bridge, BridgeReply, EventChannel, InvokeChannel } from '../shared/bridge.ts'

const invokeChannel: InvokeChannel = 'quayside:invoke'
const eventChannel: EventChannel = 'quayside:event'

const bridge: Bridge = {
  platform:
    process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
  invoke: (name, input): Promise<BridgeReply> => ipcRenderer.invoke(invokeChannel, name, input),
  on(listener) {
    const forward = (_event: IpcRendererEvent, sent: unknown) => listener(sent)
    ipcRenderer.on(eventChannel, forward)
    return () => {
      ipcRenderer.off(eventChannel, forward)
    }
  },
}

contextBridge.exposeInMainWorld('quayside', Object.freeze(bridge))
