import type { ConformanceCase } from '../case';
import { batchCases } from './batches';
import { deadLetterCases } from './dead-letters';
import { deduplicationCases } from './deduplication';
import { delayCases } from './delays';
import { deletingCases } from './deleting';
import { errorCases } from './errors';
import { fifoCases } from './fifo';
import { inFlightCases } from './in-flight';
import { longPollingCases } from './long-polling';
import { messageAttributeCases } from './message-attributes';
import { moveTaskCases } from './move-tasks';
import { moveTaskRuleCases } from './move-task-rules';
import { attributeCases } from './queue-attributes';
import { queueCases } from './queues';
import { receivingCases } from './receiving';
import { retentionCases } from './retention';
import { sendingCases } from './sending';
import { tagCases } from './tags';
import { visibilityCases } from './visibility';

/** Every case, in the order in which a reader meets them. */
export const allCases: readonly ConformanceCase[] = [
  ...queueCases, ...attributeCases, ...tagCases, ...sendingCases, ...messageAttributeCases, ...receivingCases, ...longPollingCases,
  ...visibilityCases, ...inFlightCases, ...deletingCases, ...delayCases, ...retentionCases, ...batchCases, ...fifoCases, ...deduplicationCases,
  ...deadLetterCases, ...moveTaskCases, ...moveTaskRuleCases, ...errorCases,
];
