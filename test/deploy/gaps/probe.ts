import type { Lab } from './lab';

/** One behaviour of AWS that an emulator may lack. */
export interface Probe {
  readonly what: string;
  /** What AWS does. */
  readonly aws: string;
  /** Where AWS says so. Absent: nowhere that is known here. */
  readonly page?: string;
  /** Resolves to true where it is so here, else to what was seen, in words that are the same each time. */
  readonly look: (lab: Lab) => Promise<true | string>;
}

export interface Area {
  readonly name: string;
  readonly probes: readonly Probe[];
}

export interface Finding {
  readonly area: string;
  readonly probe: Probe;
  readonly seen: true | string;
}

/** Most of a look is waiting, but each may start processes of functions, and all at once they would be slower than the time they have. */
const AT_ONCE = 4;

export async function findings(areas: readonly Area[], lab: Lab): Promise<Finding[]> {
  const probes = areas.flatMap(({ name, probes: all }) => all.map((probe) => ({ area: name, probe })));
  const found: Finding[] = [];
  const waiting = [...probes.entries()];
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [place, { area, probe }] = next;
      found[place] = { area, probe, seen: await probe.look(lab) };
    }
  }));
  return found;
}
