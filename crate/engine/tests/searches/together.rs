//! Tests interleavings of daemons that do the same.

use std::rc::Rc;

use faultline::options::MachineOptions;
use faultline::paging::trim;
use faultline::runtime::VirtualCpu;

use super::plays::{Play, Stage, Task, machine, one_of, running};

/// Trims a frame, and counts it.
fn trim_and_count(cpu: VirtualCpu, stage: Rc<Stage>) -> Task {
    Box::pin(async move {
        stage.see(trim(&cpu, &stage.machine, 1).await.moved.into());
    })
}

/// Two trimmers set out for one page: one of them has it, and the other does not wait for it.
#[test]
fn s9_of_two_trimmers_one_has_the_victim() {
    let play = Play {
        machine: MachineOptions { trimmers: 2, ..machine(8, 4, 2) },
        opening: |cpu, machine| vec![running(cpu, machine, &[1])],
        parts: vec![trim_and_count, trim_and_count],
        judge: |stage| {
            one_of("pages trimmed", stage.seen.borrow().iter().sum(), &[1])?;
            one_of("the page", stage.word(stage.processes[0], 0), &[1])
        },
    };
    play.holds(3);
}
