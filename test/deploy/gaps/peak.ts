import type { Lab } from './lab';

const MESSAGES = 6;

/** How many messages of a queue are worked on at once, of those that take a second each. */
export async function peak(lab: Lab, queue: string): Promise<number> {
  await lab.sendMany(queue, 'sleep', MESSAGES);
  const name = lab.queueName(queue);
  await lab.until(() => lab.recorder.invocations(name).ended >= MESSAGES || undefined);
  return lab.recorder.invocations(name).peak;
}
