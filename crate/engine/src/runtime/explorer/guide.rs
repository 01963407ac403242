//! The guide of an execution: it chooses the next task, and records what it chose and could have chosen.

use std::cell::RefCell;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};
use std::rc::Rc;

use super::finding::{Finding, FindingKind};
use super::panics::last_place;
use super::pct::Priorities;
use crate::hash::mix;
use crate::runtime::schedulers::{Choice, Chooser, Deviation, Pause};
use crate::runtime::task::Tasks;
use crate::sync::footprints::{self, SharedPart};

/// States by their number, which is a hash already.
pub(super) type States = HashSet<u64, BuildHasherDefault<AsItIs>>;

/// Passes a number through unhashed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {
        unreachable!("only numbers are looked up");
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// How the guide chooses.
#[derive(Debug)]
pub(super) enum Way {
    /// Takes the planned deviations; after them follows the rule, and records every other way to go on.
    Search,
    /// Takes the planned deviations, as far as they fit.
    Follow,
    /// Takes the task of the highest priority.
    Random(Priorities),
}

/// Another way to go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alternative {
    pub(super) step: u64,
    pub(super) task: usize,
    pub(super) preempts: bool,
}

/// A switch from one task to another.
#[derive(Clone, Debug)]
pub struct Switch {
    /// The step before which it happened.
    pub step: u64,
    /// The task that took the step before, and where it stands if it could go on.
    pub from: Option<(usize, Option<Pause>)>,
    /// The task that goes on, and from where.
    pub to: (usize, Pause),
    /// Whether the switch deviates from the rule, as its schedule has it.
    pub deviates: bool,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) way: Way,
    pub(super) plan: Vec<Deviation>,
    /// The first deviation of the plan that is still to come.
    pub(super) next: usize,
    open: bool,
    /// How many tasks there are.
    tasks: usize,
    /// How many of them are CPUs: for names.
    names: Tasks,
    /// Whether a state that was seen before ends the execution.
    pub(super) reduces: bool,
    /// Steps after which an execution counts as one that never ends.
    pub(super) most_steps: u64,
    pub(super) seen: States,
    /// States that this execution was the first to see.
    own: Vec<u64>,
    pub(super) alternatives: Vec<Alternative>,
    /// Deviations from the rule in this execution.
    pub(super) taken: Vec<Deviation>,
    pub(super) preemptions: u32,
    /// Steps of this execution, and those of them with the guide open.
    pub(super) steps: u64,
    pub(super) open_steps: u64,
    /// The switches of this execution, if they are to be recorded.
    pub(super) switches: Option<Vec<Switch>>,
    current: Option<usize>,
    pruned: bool,
    finding: Option<Finding>,
}

/// Guides executions; a clone is the same guide.
#[derive(Clone, Debug)]
pub struct Guide(pub(super) Rc<RefCell<State>>);

impl Guide {
    /// Returns a guide for subjects that end within so many steps.
    pub(super) fn new(most_steps: u64, reduces: bool) -> Self {
        Self(Rc::new(RefCell::new(State {
            way: Way::Search,
            plan: Vec::new(),
            next: 0,
            open: false,
            tasks: 0,
            names: Tasks { cpus: 0, trimmers: 1, writers: 1 },
            reduces,
            most_steps,
            seen: States::default(),
            own: Vec::new(),
            alternatives: Vec::new(),
            taken: Vec::new(),
            preemptions: 0,
            steps: 0,
            open_steps: 0,
            switches: None,
            current: None,
            pruned: false,
            finding: None,
        })))
    }

    /// Begins an execution.
    pub(super) fn set_out(&self, way: Way, plan: Vec<Deviation>) {
        let state = &mut *self.0.borrow_mut();
        state.way = way;
        state.plan = plan;
        state.next = 0;
        state.open = false;
        state.own.clear();
        state.alternatives.clear();
        state.taken.clear();
        state.preemptions = 0;
        state.steps = 0;
        state.open_steps = 0;
        state.current = None;
        state.pruned = false;
        state.finding = None;
    }

    /// Returns the chooser for the execution's runtime.
    pub fn chooser(&self) -> Box<dyn Chooser> {
        Box::new(self.clone())
    }

    /// Sets how many tasks there are, and the machine by which they are named.
    pub fn introduce(&self, tasks: usize, names: Tasks) {
        let mut state = self.0.borrow_mut();
        (state.tasks, state.names) = (tasks, names);
    }

    /// Begins to search the choices; the tasks share these parts of memory.
    pub fn open(&self, parts: &[SharedPart]) {
        let mut state = self.0.borrow_mut();
        state.open = true;
        if matches!(state.way, Way::Search) && state.reduces {
            footprints::begin(parts, state.tasks);
        }
    }

    /// Follows the rule from here on.
    pub fn close(&self) {
        self.0.borrow_mut().open = false;
        footprints::end();
    }

    /// Whether the execution is to end here.
    pub fn has_stopped(&self) -> bool {
        let state = self.0.borrow();
        state.pruned || state.finding.is_some()
    }

    /// Returns how many accesses there were, since the guide was opened, to words of none of its parts.
    pub fn strangers(&self) -> u64 {
        footprints::strangers()
    }

    pub(super) fn take_finding(&self) -> Option<Finding> {
        self.0.borrow_mut().finding.take()
    }

    /// Returns the last panic of this thread as a finding: which task panicked, where, and with which
    /// message.
    pub fn panicked(&self, message: &str) -> Finding {
        let state = self.0.borrow();
        let task = state.current.map(|task| state.names.task(task).to_string());
        let task = task.unwrap_or_else(|| "somebody".to_owned());
        let place = last_place();
        Finding::new(FindingKind::Panic, format!("{task} panicked at {place}: {message}"))
    }
}

impl State {
    fn stop(&mut self, kind: FindingKind, text: impl Into<String>) -> String {
        let text = text.into();
        self.finding = Some(Finding::new(kind, text.clone()));
        text
    }

    fn choose(&mut self, choice: &Choice<'_>) -> Result<usize, String> {
        self.steps = choice.number + 1;
        if self.steps > self.most_steps {
            let text = format!("no end after {} steps", self.most_steps);
            return Err(self.stop(FindingKind::Livelock, text));
        }
        let planned = self.planned(choice)?;
        if !self.open {
            return Ok(planned.unwrap_or_else(|| choice.by_rule()));
        }
        self.open_steps += 1;
        match &mut self.way {
            Way::Random(priorities) => Ok(priorities.choose(self.open_steps, choice)),
            Way::Follow => Ok(planned.unwrap_or_else(|| choice.by_rule())),
            Way::Search => match planned {
                Some(task) => Ok(task),
                None if self.next < self.plan.len() => Ok(choice.by_rule()),
                None => self.look_around(choice),
            },
        }
    }

    /// Returns the task that the plan names for this step, if it names one.
    fn planned(&mut self, choice: &Choice<'_>) -> Result<Option<usize>, String> {
        let Some((step, task)) = self.plan.get(self.next).copied() else { return Ok(None) };
        if step != choice.number {
            return Ok(None);
        }
        self.next += 1;
        if choice.ready.contains(&task) {
            return Ok(Some(task));
        }
        match self.way {
            Way::Search => {
                let text = format!(
                    "at step {step} {} could go on before, and cannot now",
                    self.names.task(task)
                );
                Err(self.stop(FindingKind::NotRepeatable, text))
            }
            _ => Ok(None),
        }
    }

    /// Looks at a state beyond the plan: it ends the execution if the state was seen before, else records all
    /// ways to go on from it.
    fn look_around(&mut self, choice: &Choice<'_>) -> Result<usize, String> {
        let running = choice.running();
        if self.reduces {
            let state = state_of(choice, running);
            if self.own.contains(&state) {
                let text = "the same state comes back again and again, whoever goes on in turn";
                return Err(self.stop(FindingKind::Livelock, text));
            }
            if !self.seen.insert(state) {
                self.pruned = true;
                return Err("seen before".to_owned());
            }
            self.own.push(state);
        }
        let by_rule = choice.by_rule();
        for task in choice.ready.iter().filter(|task| **task != by_rule) {
            let (step, preempts) = (choice.number, running.is_some());
            self.alternatives.push(Alternative { step, task: *task, preempts });
        }
        Ok(by_rule)
    }

    fn note(&mut self, choice: &Choice<'_>, task: usize) {
        let running = choice.running();
        let deviates = task != choice.by_rule();
        if deviates {
            self.taken.push((choice.number, task));
        }
        self.preemptions += u32::from(running.is_some_and(|running| running != task));
        self.current = Some(task);
        if let Some(switches) = &mut self.switches
            && choice.last != Some(task)
        {
            let stands = |last: &usize| choice.ready.contains(last) || choice.idle.contains(last);
            let from = choice.last.map(|last| (last, stands(&last).then(|| choice.pauses[last])));
            let to = (task, choice.pauses[task]);
            switches.push(Switch { step: choice.number, from, to, deviates });
        }
    }
}

/// Returns the state of everything, and which task of it runs, as one number.
fn state_of(choice: &Choice<'_>, running: Option<usize>) -> u64 {
    let set = |tasks: &[usize]| {
        tasks.iter().fold(0_u64, |set, task| set.wrapping_add(mix(*task as u64 + 1)))
    };
    let standing = mix(set(choice.ready)) ^ mix(mix(set(choice.idle)) ^ 1);
    let running = running.map_or(u64::MAX, |task| task as u64);
    let standing = standing.wrapping_add(mix(choice.debts ^ 2));
    mix(footprints::state() ^ standing).wrapping_add(mix(running))
}

impl Chooser for Guide {
    fn choose(&mut self, choice: &Choice<'_>) -> Result<usize, String> {
        let mut state = self.0.borrow_mut();
        let task = state.choose(choice)?;
        state.note(choice, task);
        Ok(task)
    }
}
