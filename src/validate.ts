export { type Issue, validate } from './verbs/validate.ts';
