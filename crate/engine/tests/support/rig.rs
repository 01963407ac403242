//! A machine on which a test does one op after another and looks at the state in between.

use faultline::audit::audit;
use faultline::machine::Machine;
use faultline::memory::{ProcessId, Pte, SwapDevice, Vpn};
use faultline::observe::{Counter, Event};
use faultline::scenario::{OpOutcome, Session, Traces, parse_op};
use serde_json::{Value, json};

/// A machine that runs.
pub(crate) struct Rig {
    pub(crate) session: Session,
}

impl Rig {
    /// A machine at boot.
    pub(crate) fn new(machine: Value, runtime: Value) -> Self {
        let scenario = super::scenario(machine, runtime, json!([]));
        let mut session = Session::open(&scenario, Traces::default()).unwrap();
        session.start_threads().unwrap();
        Self { session }
    }

    /// The same with its slots on another device.
    pub(crate) fn on(machine: Value, runtime: Value, device: Box<dyn SwapDevice>) -> Self {
        let scenario = super::scenario(machine, runtime, json!([]));
        let mut session = Session::open_on(&scenario, Traces::default(), device).unwrap();
        session.start_threads().unwrap();
        Self { session }
    }

    /// The same after a script.
    pub(crate) fn after(machine: Value, runtime: Value, script: &Value) -> Self {
        let mut rig = Self::new(machine, runtime);
        rig.all(script);
        rig
    }

    /// Does one op, whatever comes of it.
    pub(crate) fn attempt(&mut self, op: &Value) -> OpOutcome {
        let op = parse_op(&op.to_string(), &self.machine().options).unwrap();
        self.session.apply(&op, "/op")
    }

    /// Does one op, which has to hold.
    pub(crate) fn apply(&mut self, op: Value) -> Option<u64> {
        let outcome = self.attempt(&op);
        assert!(outcome.ok, "{op}: {:?}", outcome.failures);
        outcome.value
    }

    /// Does each op of a script; all have to hold.
    pub(crate) fn all(&mut self, script: &Value) {
        for op in script.as_array().unwrap() {
            self.apply(op.clone());
        }
    }

    /// The state.
    pub(crate) fn machine(&self) -> &Machine {
        self.session.machine()
    }

    /// A counter, summed over the CPUs.
    pub(crate) fn counter(&self, counter: Counter) -> u64 {
        self.machine().stats.total(counter)
    }

    /// A living process by its name.
    pub(crate) fn process(&self, name: &str) -> ProcessId {
        let processes = self.session.processes();
        let found = processes.iter().find(|process| process.name == name);
        ProcessId(found.unwrap_or_else(|| panic!("no process {name} lives")).index)
    }

    /// A page's PTE.
    pub(crate) fn pte(&self, name: &str, page: u32) -> Pte {
        let machine = self.machine();
        let process = machine.processes.get(self.process(name));
        machine.load(machine.pte(process, Vpn(page)).unwrap())
    }

    /// Every PTE of every living process, and every frame's entry and slot's count.
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

    /// The events of all CPUs and daemons, in order, each with who emitted it.
    pub(crate) fn events(&self) -> Vec<(usize, Event)> {
        let records = self.machine().trace.records();
        records.iter().map(|record| (record.cpu.into(), record.event)).collect()
    }

    /// What the audit finds once the daemons rest.
    pub(crate) fn audit(&mut self) -> Vec<String> {
        self.apply(json!({"op": "settle"}));
        audit(self.machine())
    }

    /// The end: every op has held and the audit is clean.
    pub(crate) fn close(mut self) {
        let report = self.session.finish();
        assert!(report.ok, "{:#?}", report.failures);
        let machine = self.machine();
        let modified = machine.lists.count(machine.lists.modified());
        assert_eq!(machine.on_their_way(), modified, "nobody writes any more");
    }
}
