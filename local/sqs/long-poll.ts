import type { ReceivedMessage, ReceiveOptions } from './message';
import type { Queue } from './queue';

/**
 * Receives at once or, while there is nothing, waits. The wait is on real time, because whoever waits is outside of the run and
 * its clock. It ends early when messages come, when the signal aborts and when the queue closes.
 */
export function receiveWaiting(queue: Queue, options: ReceiveOptions, waitSeconds: number, signal: AbortSignal): Promise<ReceivedMessage[]> {
  return new Promise((resolve, reject) => {
    // Messages taken for a client that has gone would be in flight for nobody.
    if (signal.aborted) return resolve([]);
    const messages = queue.receive(options);
    if (messages.length > 0 || waitSeconds === 0) return resolve(messages);

    const finish = (result: ReceivedMessage[]): void => {
      clearTimeout(timer);
      stopListening();
      signal.removeEventListener('abort', leave);
      resolve(result);
    };
    const leave = (): void => finish([]);
    const tryAgain = (): void => {
      try {
        const arrived = queue.receive(options);
        if (arrived.length > 0 || queue.closed) finish(arrived);
      } catch (error) {
        leave();
        reject(error);
      }
    };
    const timer = setTimeout(leave, waitSeconds * 1000);
    const stopListening = queue.onVisible(tryAgain);
    signal.addEventListener('abort', leave);
  });
}
