import * as z from 'zod'

// Must run before any schema is built: zod would otherwise try `new Function`, which the window's
// content security policy forbids and reports.
z.config({ jitless: true })
