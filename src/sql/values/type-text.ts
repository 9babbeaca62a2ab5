/** How types are written in messages: `VARCHAR(16)`, `DECIMAL(10, 2)`, `INTERVAL DAY TO SECOND`. */
import type { IntervalQualifier, SqlType } from '../types.ts';

export const qualifierText = ({ from, to }: IntervalQualifier): string =>
  from === to ? from : `${from} TO ${to}`;

export const typeText = (type: SqlType): string => {
  switch (type.name) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case 'CHAR':
    case 'VARCHAR':
    case 'BINARY':
    case 'VARBINARY':
      return `${type.name}(${type.length})`;
    case 'INTERVAL':
      return `INTERVAL ${qualifierText(type.qualifier)}`;
    case 'RECORD':
      return `RECORD(${type.fields.map((field) => `${field.name} ${typeText(field.type)}`).join(', ')})`;
    default:
      return type.name;
  }
};
