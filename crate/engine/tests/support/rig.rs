//! A rig is a machine on which a test runs one op after another and inspects the state in between.

use faultline::audit::audit;
use faultline::machine::Machine;
use faultline::memory::{ProcessId, Pte, SwapDevice, Vpn};
use faultline::observe::{Counter, Event};
use faultline::scenario::{OpOutcome, Session, Traces, parse_op};
use serde_json::{Value, json};

/// A rig has a session of a machine that runs.
pub(crate) struct Rig {
    pub(crate) session: Session,
}

impl Rig {
    /// Makes a machine at boot.
    pub(crate) fn new(machine: Value, runtime: Value) -> Self {
        Self::boot(machine, runtime, json!([]))
    }

    /// Makes a machine at boot for a script, which is not run.
    fn boot(machine: Value, runtime: Value, script: Value) -> Self {
        let scenario = super::scenario(machine, runtime, script);
        let mut session = Session::open(&scenario, Traces::default()).unwrap();
        session.start_threads().unwrap();
        Self { session }
    }

    /// Makes a machine at boot with its slots on another device.
    pub(crate) fn on(machine: Value, runtime: Value, device: Box<dyn SwapDevice>) -> Self {
        let scenario = super::scenario(machine, runtime, json!([]));
        let mut session = Session::open_on(&scenario, Traces::default(), device).unwrap();
        session.start_threads().unwrap();
        Self { session }
    }

    /// Makes a machine after a script, whose tables frames for data leave room for.
    pub(crate) fn after(machine: Value, runtime: Value, script: &Value) -> Self {
        let mut rig = Self::boot(machine, runtime, script.clone());
        rig.all(script);
        rig
    }

    /// Runs one op, whatever its outcome.
    pub(crate) fn attempt(&mut self, op: &Value) -> OpOutcome {
        let op = parse_op(&op.to_string(), &self.machine().options).unwrap();
        self.session.apply(&op, "/op")
    }

    /// Runs one op, which has to hold.
    pub(crate) fn apply(&mut self, op: Value) -> Option<u64> {
        let outcome = self.attempt(&op);
        assert!(outcome.ok, "{op}: {:?}", outcome.failures);
        outcome.value
    }

    /// Runs each op of a script; all have to hold.
    pub(crate) fn all(&mut self, script: &Value) {
        for op in script.as_array().unwrap() {
            self.apply(op.clone());
        }
    }

    /// Returns the machine.
    pub(crate) fn machine(&self) -> &Machine {
        self.session.machine()
    }

    /// Returns a counter, summed over the CPUs.
    pub(crate) fn counter(&self, counter: Counter) -> u64 {
        self.machine().stats.total(counter)
    }

    /// Finds a living process by its name.
    pub(crate) fn process(&self, name: &str) -> ProcessId {
        let processes = self.session.processes();
        let found = processes.iter().find(|process| process.name == name);
        ProcessId(found.unwrap_or_else(|| panic!("no process {name} lives")).index)
    }

    /// Reads a page's PTE.
    pub(crate) fn pte(&self, name: &str, page: u32) -> Pte {
        let machine = self.machine();
        let process = machine.processes.get(self.process(name));
        machine.load(machine.pte(process, Vpn(page)).unwrap())
    }

    /// Reads every PTE of every living process, and every frame's entry and slot's count.
    pub(crate) fn state(&self) -> Vec<u64> {
        let machine = self.machine();
        let mut state = Vec::new();
        for id in machine.processes.living() {
            let process = machine.processes.get(id);
            state.extend([u64::from(id.0), process.state() as u64, u64::from(process.pages())]);
            let ptes = (0..process.pages()).filter_map(|page| machine.pte(process, Vpn(page)));
            state.extend(ptes.map(|cell| machine.load(cell).0));
        }
        for frame in (0..machine.pfns.count()).map(faultline::memory::Pfn) {
            state.push(machine.pfns.peek(frame).0);
        }
        for slot in (0..=machine.swap.slots()).map(faultline::memory::Slot) {
            state.push(machine.swap.count(slot).into());
        }
        state
    }

    /// Returns the events of all CPUs and daemons, in order, each with the ring that has it.
    pub(crate) fn events(&self) -> Vec<(usize, Event)> {
        let records = self.machine().trace.records();
        records.iter().map(|record| (record.cpu.into(), record.event)).collect()
    }

    /// Audits the machine once the daemons rest.
    pub(crate) fn audit(&mut self) -> Vec<String> {
        self.apply(json!({"op": "settle"}));
        audit(self.machine())
    }

    /// Ends the run: every op has held and the audit is clean.
    pub(crate) fn close(mut self) {
        let report = self.session.finish();
        assert!(report.ok, "{:#?}", report.failures);
        let machine = self.machine();
        let modified = machine.lists.count(machine.lists.modified(0));
        assert_eq!(machine.on_their_way(), modified, "nobody writes any more");
    }
}
