/** Parquet's numbers for things, from its parquet.thrift. */
export const BOOLEAN = 0;
export const INT32 = 1;
export const INT64 = 2;
export const INT96 = 3;
export const FLOAT = 4;
export const DOUBLE = 5;
export const BYTE_ARRAY = 6;
export const FIXED_LEN_BYTE_ARRAY = 7;
export type PhysicalType = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const CONVERTED = {
  utf8: 0,
  map: 1,
  mapKeyValue: 2,
  list: 3,
  decimal: 5,
  date: 6,
  int8: 15,
  int16: 16,
} as const;

export const REQUIRED = 0;
export const OPTIONAL = 1;
export const REPEATED = 2;

export const ENCODING = { plain: 0, plainDictionary: 2, rle: 3, rleDictionary: 8 } as const;

export const PAGE = { data: 0, dictionary: 2, dataV2: 3 } as const;

/** Bytes of one value, without those of variable length. */
export const WIDTH: Readonly<Record<number, number>> = {
  [BOOLEAN]: 1,
  [INT32]: 4,
  [INT64]: 8,
  [INT96]: 12,
  [FLOAT]: 4,
  [DOUBLE]: 8,
};
