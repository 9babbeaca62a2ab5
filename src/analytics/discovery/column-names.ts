/** Names of discovered columns (AWS's page "Using the Schema Discovery Feature on Streaming Data"). */
const NAME_LENGTH_MAX = 100;

/**
 * Keeps letters, digits and underscores. What was changed, is reserved, begins with a digit or is too long gets `COL_` in front; of what nothing is left,
 * the place of the column is the name. Names that come twice are told apart by a number.
 */
export const columnNames = (
  originals: readonly string[],
  isReserved: (word: string) => boolean,
): readonly string[] => {
  const used = new Set<string>();
  return originals.map((original, index) => {
    const kept = original.replaceAll(/\W/g, '');
    const isPlain = kept === original && kept !== '' && !/^\d/.test(kept) && kept.length <= NAME_LENGTH_MAX;
    let name =
      isPlain && !isReserved(kept.toUpperCase())
        ? kept
        : `COL_${kept === '' ? index : kept.slice(0, NAME_LENGTH_MAX)}`;
    const first = name;
    for (let again = 2; used.has(name); again++) name = `${first}_${again}`;
    used.add(name);
    return name;
  });
};
