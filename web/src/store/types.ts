// The engine's types under the names that the page uses; they are made from the Rust types.

export type {
  CounterName,
  FailureCode,
  Op,
  OpOutcome,
  Pattern,
  Policy,
  Problem,
  Report,
  Scenario,
  SimpleOp,
} from '../generated/types.d.ts';
