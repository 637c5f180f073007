import { describe } from '../shared/log';
import type { MappingState } from './calls';
import { warn, type Run, type Turn } from './turn';

/** The mapping hands out no messages, or will not in a moment. While it is `Updating`, nobody knows. */
export function isOff(state: MappingState | undefined): boolean {
  return state === 'Disabled' || state === 'Disabling';
}

function isOn(state: MappingState | undefined): boolean {
  return state === 'Enabled' || state === 'Enabling' || state === 'Creating';
}

/** A person who has turned a mapping off is reminded so often. */
const REMIND_MS = 3_600_000;

/**
 * Makes the mapping hand out messages, or none. False where that failed: another change of it may be under way, which a deployment
 * or the keeper itself began, and Lambda takes one at a time. The next minute tries again.
 */
export async function align(turn: Turn, enabled: boolean, run: Run): Promise<boolean> {
  const { name, target: { mappingId }, mapping } = turn;
  if (enabled ? isOn(mapping) : isOff(mapping)) return true;
  try {
    await run.calls.setMapping(mappingId, enabled);
    turn.mapping = enabled ? 'Enabling' : 'Disabling';
    return true;
  } catch (error) {
    warn(run, name, 'mapping-failed', `the event source mapping ${mappingId} is ${enabled ? 'enabled' : 'disabled'} later: ${describe(error)}`);
    return false;
  }
}

/** Says that a mapping is off which the keeper did not turn off, when it is first seen and then every hour. */
export function tellOff({ name, memory, target: { mappingId } }: Turn, run: Run): void {
  const now = run.now();
  if (memory.toldOffAt !== undefined && now - memory.toldOffAt < REMIND_MS) return;
  memory.toldOffAt = now;
  warn(run, name, 'mapping-off', `the event source mapping ${mappingId} was disabled by somebody else and stays so: events wait until it is enabled, `
    + 'and expire; set `enabled: false` on the target to say that this is meant');
}
