// The engine's types under the names that the page uses; they are made from the Rust types.

export type {
  Costs,
  CounterName,
  FailureCode,
  ListedOp,
  MachineOptions,
  Op,
  OpOutcome,
  Pattern,
  Policy,
  Problem,
  PteState,
  RepeatedOp,
  Report,
  Scenario,
  SimpleOp,
} from '../../generated/types.d.ts';
