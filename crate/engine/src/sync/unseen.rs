//! Stands in for [`super::footprints`] without the feature: every record is dropped, and costs nothing.

#[inline(always)]
pub(crate) fn turn(_: Option<usize>) {}

#[inline(always)]
pub(crate) fn note(_: impl FnOnce() -> u64) {}

#[inline(always)]
pub(crate) fn forget(_: usize, _: impl FnOnce() -> u64) {}

#[inline(always)]
pub(crate) fn queue(_: usize, _: u64, _: impl FnOnce() -> u64) {}

#[inline(always)]
pub(crate) fn write_page<T>(_: &[T], _: impl Fn(&T) -> u64, _: impl Fn(usize) -> u64) {}

#[inline(always)]
pub(crate) fn unseen<T>(body: impl FnOnce() -> T) -> T {
    body()
}
