import type { PlantedBug } from './planted-bug.ts';

export const PLANTED_BUGS: readonly PlantedBug[] = [];

export function plantedBug(name: string): PlantedBug | undefined {
  return PLANTED_BUGS.find((bug) => bug.name === name);
}
