//! Pins threads to CPUs of their own, where the system can do that.

/// Returns the first two CPUs that this process may use.
#[cfg(target_os = "linux")]
pub(super) fn two_cpus() -> Option<[usize; 2]> {
    use rustix::thread::{CpuSet, sched_getaffinity};
    let allowed = sched_getaffinity(None).ok()?;
    let mut cpus = (0..CpuSet::MAX_CPU).filter(|cpu| allowed.is_set(*cpu));
    Some([cpus.next()?, cpus.next()?])
}

#[cfg(not(target_os = "linux"))]
pub(super) fn two_cpus() -> Option<[usize; 2]> {
    None
}

/// Pins the calling thread to one CPU; nothing changes if the system refuses.
#[cfg(target_os = "linux")]
pub(super) fn pin(cpu: usize) {
    use rustix::thread::{CpuSet, sched_setaffinity};
    let mut set = CpuSet::new();
    set.set(cpu);
    let _ = sched_setaffinity(None, &set);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn pin(_cpu: usize) {}

/// Whether two CPUs are two cores, with caches of their own, or two threads of one core; none where the system does
/// not say.
#[cfg(target_os = "linux")]
pub(super) fn are_two_cores([one, other]: [usize; 2]) -> Option<bool> {
    let siblings = format!("/sys/devices/system/cpu/cpu{one}/topology/thread_siblings_list");
    let siblings = std::fs::read_to_string(siblings).ok()?;
    let range = |part: &str| {
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        Some(first.parse().ok()?..=last.parse().ok()?)
    };
    let ranges: Option<Vec<_>> = siblings.trim().split(',').map(range).collect();
    Some(!ranges?.iter().any(|cpus: &std::ops::RangeInclusive<usize>| cpus.contains(&other)))
}

#[cfg(not(target_os = "linux"))]
pub(super) fn are_two_cores(_cpus: [usize; 2]) -> Option<bool> {
    None
}
