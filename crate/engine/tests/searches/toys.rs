//! Toys: a few tasks over the engine's executor, broken on purpose or made of a program, for the explorer to search.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;

use faultline::parts::MemoryPart;
use faultline::runtime::explorer::{
    Bounds, Counts, End, Ended, Finding, FindingKind, Frontier, Guide, Subject, exhaustive,
};
use faultline::runtime::{
    Costs, Cpu, CpuLocal, Epochs, Halt, LockClass, LockId, LockWord, Presence, Step, VirtualCpu,
    VirtualRuntime, Word, lock, mix, wait_for,
};

use crate::plays::names;

pub(crate) type Task = Pin<Box<dyn Future<Output = ()>>>;
pub(crate) type Body = fn(Rc<Toy>, VirtualCpu, usize) -> Task;

/// The words that the tasks of a toy share, and the result of each.
#[derive(Debug, Default)]
pub(crate) struct Toy {
    pub(crate) words: Vec<Word>,
    pub(crate) results: RefCell<Vec<u64>>,
    program: Vec<Vec<(u8, usize)>>,
}

/// Tasks over some words, and what is wrong at the end.
pub(crate) struct Tasks {
    words: usize,
    tasks: usize,
    program: Vec<Vec<(u8, usize)>>,
    body: Body,
    judge: fn(&Toy) -> Option<String>,
}

impl Tasks {
    pub(crate) fn new(
        words: usize,
        tasks: usize,
        body: Body,
        judge: fn(&Toy) -> Option<String>,
    ) -> Self {
        Self { words, tasks, program: Vec::new(), body, judge }
    }
}

impl Subject for Tasks {
    fn execute(&mut self, guide: &Guide) -> Ended {
        let toy = Rc::new(Toy {
            words: (0..self.words).map(|_| Word::new(0)).collect(),
            results: RefCell::new(vec![0; self.tasks]),
            program: self.program.clone(),
        });
        let mut runtime =
            VirtualRuntime::chosen_by(guide.chooser(), Costs::default(), Arc::default());
        let epochs = Arc::new(Epochs::new(0));
        for index in 0..self.tasks {
            let presence = Presence::new(Arc::clone(&epochs), index);
            let cpu = runtime.cpu(CpuLocal::new(index, 0, Arc::default(), presence));
            runtime.add((self.body)(Rc::clone(&toy), cpu, index));
        }
        guide.introduce(self.tasks, names(self.tasks));
        guide.open(&[MemoryPart::of(&toy.words).into()]);
        let halt = runtime.run(u64::MAX, || false);
        guide.close();
        let finding = match halt {
            // All have ended.
            Err(Halt::Deadlock) if runtime.sleepers().is_empty() => {
                (self.judge)(&toy).map(|text| Finding::new(FindingKind::Failure, text))
            }
            Err(Halt::Deadlock) => {
                let waits = wait_for(&runtime.sleepers(), names(self.tasks)).join("; ");
                Some(Finding::new(FindingKind::Deadlock, waits))
            }
            _ => None,
        };
        let words = toy.words.iter().map(|word| word.load(SeqCst));
        let results = toy.results.borrow().clone();
        let state = words.chain(results).fold(0, |state, word| mix(state ^ mix(word + 1)));
        Ended { findings: finding.into_iter().collect(), state }
    }
}

/// The bounds within which a shortest schedule is looked for, after a random search.
pub(crate) const ANY: Bounds = Bounds { preemptions: u32::MAX, steps: 1_000, reduces: true };

pub(crate) fn search(subject: &mut Tasks, preemptions: u32) -> (End, Counts) {
    let bounds = Bounds { preemptions, steps: 1_000, reduces: true };
    let mut frontier = Frontier::default();
    let end = exhaustive(subject, bounds, &mut frontier, None, &mut |_| true);
    (end, frontier.counts)
}

/// What a program's tasks do: load, store, add, exchange, lock around an addition, look away.
pub(crate) fn interpreted(program: Vec<Vec<(u8, usize)>>) -> Tasks {
    let body: Body = |toy, cpu, index| {
        Box::pin(async move {
            let mut sum = index as u64;
            let program = toy.program[index].clone();
            for (operation, word) in program {
                let cell = &toy.words[word];
                match operation {
                    0 => sum = mix(sum) ^ cell.load(SeqCst),
                    1 => cell.store(sum % 7 * 4, SeqCst),
                    2 => drop(cell.fetch_add(4, SeqCst)),
                    3 => sum ^= cell.swap(8, SeqCst),
                    4 => {
                        let id = LockId::new(LockClass::Pfn, 9);
                        let _guard = lock(&cpu, id, LockWord::alone(&toy.words[3])).await;
                        sum = sum.wrapping_add(cell.load(SeqCst));
                        cpu.step(Step::Instruction).await;
                        cell.store(sum % 5 * 4, SeqCst);
                    }
                    _ => cpu.step(Step::Relax).await,
                }
                cpu.step(Step::Instruction).await;
            }
            toy.results.borrow_mut()[index] = sum;
        })
    };
    let tasks = program.len();
    Tasks { words: 4, tasks, program, body, judge: |_| None }
}
