import type { Lab } from './lab';

const MESSAGES = 6;

/** How many messages of a queue are worked on at once, of those that take a second each. */
export async function peak(lab: Lab, queue: string): Promise<number> {
  await lab.sendMany(queue, 'sleep', MESSAGES);
  const name = lab.queueName(queue);
  const all = await lab.until(() => lab.recorder.invocations(name).ended >= MESSAGES || undefined);
  if (!all) throw new Error(`of ${MESSAGES} messages of the queue ${queue}, ${lab.recorder.invocations(name).ended} were worked on in time`);
  return lab.recorder.invocations(name).peak;
}
