import type { Command } from './command';

/** Every subcommand, in the order of the help. Each is loaded when it runs, so that `--help` loads none. */
export const COMMANDS: { readonly [name: string]: { readonly summary: string; readonly load: () => Promise<Command> } } = {
  dev: { summary: 'run the stacks of an app on this machine, without an account', load: async () => (await import('./dev/dev.js')).dev },
  pair: { summary: 'let a source take the key that its sender brings', load: async () => (await import('./pair.js')).pair },
  secrets: { summary: 'end the previous version of a secret', load: async () => (await import('./secrets.js')).secrets },
  send: { summary: 'send a signed event to a source', load: async () => (await import('./send.js')).send },
};
