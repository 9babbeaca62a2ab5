/**
 * What is configured of Flink and of notebooks is only kept and described, and in the API a description has the members of what was given under
 * longer names: `CheckpointConfiguration` is described as `CheckpointConfigurationDescription`, and changed by `CheckpointConfigurationUpdate`.
 */

type Members = { readonly [name: string]: unknown };

/** Names of structures and lists get the ending; plain values keep theirs. */
export function described(given: object): Members {
  const members = Object.entries(given as Members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    members.map(([name, value]) => {
      if (Array.isArray(value)) return [`${name}Description`, value.map((item) => describedItem(item))];
      return isMembers(value) ? [`${name}Description`, described(value)] : [name, value];
    }),
  );
}

/** In a list, the innermost structures are as they were given. */
function describedItem(item: unknown): unknown {
  if (!isMembers(item)) return item;
  const members = Object.entries(item).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    members.map(([name, value]) => [isMembers(value) ? `${name}Description` : name, value]),
  );
}

/** The description after an update: what the update does not name stays. */
export function updatedDescription(now: Members | undefined, update: object): Members {
  const changed: { [name: string]: unknown } = { ...now };
  for (const [name, value] of Object.entries(update as Members)) {
    if (value === undefined) continue;
    const plain = name.replace(/Update$/, '');
    if (Array.isArray(value)) changed[`${plain}Description`] = value.map((item) => describedItem(item));
    else if (isMembers(value)) {
      const before = changed[`${plain}Description`];
      changed[`${plain}Description`] = updatedDescription(isMembers(before) ? before : undefined, value);
    } else changed[plain] = value;
  }
  return changed;
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
