const { contextBridge, ipcRenderer } = require('electron')

contextBridge.exposeInMainWorld('quayside', {
  invoke: (name, input) => ipcRenderer.invoke('ask', name, input),
})
