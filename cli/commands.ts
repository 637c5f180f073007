import type { Command } from './command';

/** A subcommand, or the name that several actions stand behind, such as `events list`. */
export interface CommandEntry {
  readonly summary: string;
  readonly load?: () => Promise<Command>;
  readonly actions?: { readonly [name: string]: CommandEntry };
}

/** Every subcommand, in the order of the help. Each is loaded when it runs, so that `--help` loads none. */
export const COMMANDS: { readonly [name: string]: CommandEntry } = {
  dev: { summary: 'run the stacks of an app on this machine, without an account', load: async () => (await import('./dev/dev.js')).dev },
  events: {
    summary: 'search, show, follow, count, export and erase the events on record',
    actions: {
      list: { summary: 'list events, newest first', load: async () => (await import('./events/list.js')).list },
      show: { summary: 'show an event, its body and its attempts', load: async () => (await import('./events/show.js')).show },
      tail: { summary: 'print events as they come, and post them to a URL', load: async () => (await import('./events/tail.js')).tail },
      reconcile: { summary: 'count whether every event is accounted for', load: async () => (await import('./events/reconcile.js')).reconcile },
      export: { summary: 'write events and their bodies as JSON lines', load: async () => (await import('./events/export.js')).exportEvents },
      delete: { summary: 'erase events and their bodies', load: async () => (await import('./events/delete.js')).deleteEvents },
    },
  },
  pair: { summary: 'let a source take the key that its sender brings', load: async () => (await import('./pair.js')).pair },
  quarantine: {
    summary: 'look at and release events that were kept back',
    actions: {
      list: { summary: 'list events in quarantine, newest first', load: async () => (await import('./quarantine/list.js')).list },
      show: { summary: 'show an event in quarantine, why it is there and its body', load: async () => (await import('./quarantine/show.js')).show },
      release: { summary: 'deliver events in quarantine', load: async () => (await import('./quarantine/release.js')).release },
    },
  },
  redrive: { summary: 'move dead letters of a target back to its delivery queue', load: async () => (await import('./redrive.js')).redrive },
  replay: { summary: 'deliver stored events again', load: async () => (await import('./replay.js')).replay },
  secrets: { summary: 'end the previous version of a secret', load: async () => (await import('./secrets.js')).secrets },
  send: { summary: 'send a signed event to a source', load: async () => (await import('./send.js')).send },
  targets: {
    summary: 'see how targets do, pause and resume them',
    actions: {
      list: { summary: 'list targets with their queues and breakers', load: async () => (await import('./targets.js')).list },
      pause: { summary: 'stop deliveries to a target; its events wait', load: async () => (await import('./targets.js')).pause },
      resume: { summary: 'start deliveries to a target again', load: async () => (await import('./targets.js')).resume },
    },
  },
};
