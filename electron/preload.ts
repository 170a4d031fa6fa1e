import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import type {
  Bridge,
  BridgeReply,
  DrawnChannel,
  EventChannel,
  InvokeChannel,
} from '../shared/bridge.ts'

const invokeChannel: InvokeChannel = 'quayside:invoke'
const drawnChannel: DrawnChannel = 'quayside:drawn'
const eventChannel: EventChannel = 'quayside:event'

const bridge: Bridge = {
  platform:
    process.platform === 'darwin' || process.platform === 'win32' ? process.platform : 'linux',
  invoke: (name, input): Promise<BridgeReply> => ipcRenderer.invoke(invokeChannel, name, input),
  drawn: () => ipcRenderer.send(drawnChannel),
  on(listener) {
    // One text crosses to the page much quicker than an object, which is copied value by value.
    const forward = (_event: IpcRendererEvent, sent: unknown) => listener(JSON.stringify(sent))
    ipcRenderer.on(eventChannel, forward)
    return () => {
      ipcRenderer.off(eventChannel, forward)
    }
  },
}

contextBridge.exposeInMainWorld('quayside', Object.freeze(bridge))
