import { registerHooks } from 'node:module';

// Loaded before a process that is to run without encryption: whoever imports the one file that encrypts gets the one that does not.
const encryption = new URL('../../src/privacy/encryption.ts', import.meta.url).href;
const open = new URL('openEncryption.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    return resolved.url === encryption ? { ...resolved, url: open } : resolved;
  },
});
