//! A crowd is a program that runs in any number of processes at the same time, each on a CPU of its own, all in one
//! memory.

use super::program;
use crate::memory::TABLE_ENTRIES;
use crate::options::{
    ClockTick, Dispatch, MAX_CPUS, MAX_FRAMES, MAX_SLOTS, MIN_FRAMES, MachineOptions, usual_window,
};
use crate::scenario::document::{
    Action, Op, Run, RuntimeOptions, Scenario, ScenarioError, Spawn, Together, check,
};
use crate::scenario::workload::{Plan, Traces};

/// How many processes have room for all their pages, where nobody says how much memory there is.
pub const USUAL_ROOM: u32 = 4;

/// A process makes at least so many accesses for each of its pages, so that its first touches count little.
pub const LEAST_ROUNDS: u64 = 16;

/// How many accesses a process makes at most, where nobody says it.
pub const USUAL_ACCESSES: u64 = 80_000;

/// A program, and the machine that it runs on.
#[derive(Clone, Debug)]
pub struct Crowd {
    title: String,
    machine: MachineOptions,
    runtime: RuntimeOptions,
    run: Run,
    pages: u32,
    most: u32,
}

impl Crowd {
    /// Makes a crowd of at most `most` processes that run the program of a scenario, its first `run`, on the scenario's
    /// machine with so many frames. Each makes at most `accesses`, and goes through a short program again.
    ///
    /// # Errors
    /// A [`ScenarioError`] for a scenario without a program, for a program that has not the pages or the trace it needs,
    /// and for a machine that cannot hold the page tables of all processes.
    pub fn new(
        scenario: &Scenario,
        traces: &Traces,
        most: u32,
        frames: Option<u32>,
        accesses: u64,
    ) -> Result<Self, ScenarioError> {
        if !(1..=MAX_CPUS).contains(&most) {
            let message = format!("{most} processes, and each has a CPU of its own");
            let legal = format!("1 to {MAX_CPUS}");
            return Err(ScenarioError::new("/processes", most.to_string(), legal, message));
        }
        let (mut run, pages) = program::first(scenario)?;
        run.cpus = 1;
        let plan = Plan::new(&run, pages, traces).map_err(|(_, message)| {
            ScenarioError::new("/script", message.clone(), "a program that can run", message)
        })?;
        let least = LEAST_ROUNDS * u64::from(pages);
        run.accesses = Some(plan.accesses().max(least).min(accesses.max(1)));
        let room = u64::from(USUAL_ROOM) * (tables(pages) + u64::from(pages)) + 1;
        let usual = room.max(least_frames(most, pages));
        let usual = usual.clamp(MIN_FRAMES.into(), MAX_FRAMES.into()) as u32;
        let machine = fitted(&scenario.machine, frames.unwrap_or(usual), most, pages);
        let title = scenario.title.clone();
        let crowd = Self { title, machine, runtime: in_virtual_time(scenario), run, pages, most };
        crowd.has_room()?;
        check(&crowd.scenario(most))?;
        Ok(crowd)
    }

    /// Returns the program's pages.
    pub const fn pages(&self) -> u32 {
        self.pages
    }

    /// Returns the frames of the machine, those of page tables among them.
    pub const fn frames(&self) -> u32 {
        self.machine.frames
    }

    /// Returns how many accesses each process makes.
    pub fn accesses(&self) -> u64 {
        self.run.accesses.unwrap_or_default()
    }

    /// Returns how long an access takes that does not fault: a walk, and the step between the walk and the access.
    pub(super) fn access_ns(&self) -> u64 {
        match &self.runtime {
            RuntimeOptions::Virtual { costs, .. } => costs.walk + costs.step,
            RuntimeOptions::Threads {} => 0,
        }
    }

    /// Returns the scenario with `processes` processes: it spawns all, and then they run side by side.
    pub fn scenario(&self, processes: u32) -> Scenario {
        let names: Vec<_> = (1..=processes).map(|number| format!("process-{number}")).collect();
        let spawn = |name: &String| {
            Op::from(Action::Spawn(Spawn { name: name.clone(), pages: self.pages }))
        };
        let run = |(name, seed): (&String, u64)| {
            let (process, seed) = (name.clone(), self.run.seed.saturating_add(seed));
            vec![Op::from(Action::Run(Run { process, seed, ..self.run.clone() }))]
        };
        let mut script: Vec<_> = names.iter().map(spawn).collect();
        let scripts = names.iter().zip(0..).map(run).collect();
        script.push(Op::from(Action::Together(Together { scripts })));
        let machine = MachineOptions { cpus: processes, ..self.machine.clone() };
        let what = if self.title.is_empty() { "A program" } else { &self.title };
        Scenario {
            title: format!("{what}, in {processes} processes at the same time"),
            machine,
            runtime: self.runtime.clone(),
            script,
            ..Scenario::default()
        }
    }

    /// Refuses a machine whose frames are too few for the page tables of all processes and a few pages each.
    fn has_room(&self) -> Result<(), ScenarioError> {
        let least = least_frames(self.most, self.pages);
        if u64::from(self.frames()) >= least {
            return Ok(());
        }
        let (frames, most) = (self.frames(), self.most);
        let message = format!(
            "{frames} frames are too few for the page tables of {most} processes of {} pages",
            self.pages
        );
        let legal = format!("at least {least}");
        Err(ScenarioError::new("/machine/frames", frames.to_string(), legal, message))
    }
}

/// Frames for pages that a process needs so as to go on at all.
const FEWEST_PAGES: u64 = 3;

/// Counts the frames that so many processes need at least: the zero page, their tables and a few pages each.
fn least_frames(processes: u32, pages: u32) -> u64 {
    1 + u64::from(processes) * (tables(pages) + FEWEST_PAGES)
}

/// Counts the directory and the tables of a process.
fn tables(pages: u32) -> u64 {
    1 + u64::from(pages.div_ceil(TABLE_ENTRIES))
}

/// Returns the machine with so many frames, and slots for the pages of all processes. What follows from the frames where
/// nobody says it follows from the new ones.
fn fitted(machine: &MachineOptions, frames: u32, most: u32, pages: u32) -> MachineOptions {
    let slots = u64::from(most) * u64::from(pages) + SPARE_SLOTS;
    let usual = ClockTick::usual(machine.clock_tick.unit, machine.frames);
    MachineOptions {
        frames,
        data_frames: None,
        slots: machine.slots.max(slots.min(MAX_SLOTS.into()) as u32),
        dispatch: Dispatch::Auto,
        clock_tick: match machine.clock_tick == usual {
            true => ClockTick::usual(usual.unit, frames),
            false => machine.clock_tick,
        },
        working_set_window: match machine.working_set_window == usual_window(machine.frames) {
            true => usual_window(frames),
            false => machine.working_set_window,
        },
        ..machine.clone()
    }
}

/// Slots besides those for all pages, which CPUs and daemons may keep at hand: a batch for each.
const SPARE_SLOTS: u64 = 16 * (MAX_CPUS as u64 + 32);

/// Returns the runtime, on virtual CPUs whatever it was, and without a schedule, which is another script's.
fn in_virtual_time(scenario: &Scenario) -> RuntimeOptions {
    match scenario.runtime.clone() {
        RuntimeOptions::Virtual { seed, costs, coherence, lock_kind, .. } => {
            RuntimeOptions::Virtual { seed, costs, coherence, lock_kind, schedule: None }
        }
        RuntimeOptions::Threads {} => RuntimeOptions::default(),
    }
}
