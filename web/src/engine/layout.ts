// Where the machine's parts stand in the engine's memory, as `Laboratory.layout` tells.

/** Addresses and strides are in bytes. */
export interface Layout {
  frames: number;
  slots: number;
  cpus: number;
  max_processes: number;
  /** Threads with a row of counters and a ring of events: the CPUs, then the daemons. */
  rows: number;
  addresses: {
    frame_bytes: number;
    pfn: number;
    links: number;
    lists: number;
    processes: number;
    cpus: number;
    counters: number;
    slot_counts: number;
    events: number;
  };
  strides: {
    list: number;
    process: number;
    cpu: number;
    counters: number;
    events: number;
  };
  counter_names: string[];
  list_names: string[];
  event_kinds: string[];
  event_capacity: number;
}

/** A process by its name in the scenario. */
export interface ProcessInfo {
  name: string;
  index: number;
}
