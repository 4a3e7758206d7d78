type Dropped<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The same without the fields that are undefined: in JSON they would not be there either. */
export function drop<T extends object>(fields: T): Dropped<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Dropped<T>;
}
