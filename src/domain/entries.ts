/** A map with one entry set. Maps, not records, hold whatever outsiders name: no name reaches a prototype. */
export const put = <Value>(map: ReadonlyMap<string, Value>, key: string, value: Value): ReadonlyMap<string, Value> =>
  new Map(map).set(key, value);

/** A map with one known entry changed; an unknown one changes nothing. */
export const update = <Value>(
  map: ReadonlyMap<string, Value>,
  key: string,
  change: (value: Value) => Value,
): ReadonlyMap<string, Value> => {
  const known = map.get(key);
  return known === undefined ? map : put(map, key, change(known));
};
