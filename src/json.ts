export { fromJson } from './verbs/from-json.ts';
export type { Json, JsonOf } from './verbs/json.ts';
export { type Descriptions, type JsonSchema, type SchemaOptions, schemaOf } from './verbs/schema.ts';
export { type StandardIssue, type StandardLayout, standard } from './verbs/standard.ts';
export { toJson } from './verbs/to-json.ts';
