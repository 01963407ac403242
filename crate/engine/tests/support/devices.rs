//! Makes swap devices for tests: a file that leaves nothing behind, and a device that fails on demand.

use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use faultline::memory::{PAGE_SIZE, Pages, Slot, SwapDevice, SwapFile};
use serde_json::Value;

type Page = [u8; PAGE_SIZE];

/// Returns how many slots a machine has.
pub(crate) fn slots(machine: &Value) -> u32 {
    machine["slots"].as_u64().unwrap_or(256) as u32
}

/// Makes a file that has no name any more, so that it ends with its device.
pub(crate) fn file(slots: u32) -> Box<dyn SwapDevice> {
    let named = tempfile::NamedTempFile::new().unwrap();
    Box::new(SwapFile::create(named.path(), slots).unwrap())
}

/// Makes a device of pages of memory.
pub(crate) fn memory(slots: u32) -> Box<dyn SwapDevice> {
    Box::new(Pages::new(slots as usize + 1).unwrap())
}

/// A transfer between a frame and a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transfer {
    Read,
    Write,
}

/// The fault of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is transferred, and the device says so.
    Fails,
    /// Half of the page is transferred, and the device says so.
    EndsEarly,
    /// Half of the page is transferred, and the device says that all was.
    Tears,
    /// A bit changes on the way.
    Flips,
    /// Nothing is transferred, and the device says that all was.
    IsLost,
}

impl Fault {
    pub(crate) const ALL: [Self; 5] =
        [Self::Fails, Self::EndsEarly, Self::Tears, Self::Flips, Self::IsLost];

    /// Whether a device says so when a page is not written as it should be.
    pub(crate) fn is_told(self) -> bool {
        matches!(self, Self::Fails | Self::EndsEarly)
    }
}

type Plan = dyn Fn(Transfer, u64) -> Option<Fault> + Send + Sync;

/// The faults that a device is to make, and the transfers that it has had so far.
pub(crate) struct Faults {
    plan: Mutex<Arc<Plan>>,
    reads: AtomicU64,
    writes: AtomicU64,
}

impl Faults {
    /// Makes a device over another one, without faults so far, and the means to give it some.
    pub(crate) fn over(inner: Box<dyn SwapDevice>) -> (Box<dyn SwapDevice>, Arc<Self>) {
        let faults = Arc::new(Self {
            plan: Mutex::new(Arc::new(|_, _| None)),
            reads: AtomicU64::new(0),
            writes: AtomicU64::new(0),
        });
        (Box::new(Faulty { inner, faults: Arc::clone(&faults) }), faults)
    }

    /// Sets the plan of faults from here on: the fault of a transfer, by its number in its direction.
    pub(crate) fn plan(
        &self,
        plan: impl Fn(Transfer, u64) -> Option<Fault> + Send + Sync + 'static,
    ) {
        *self.plan.lock().unwrap() = Arc::new(plan);
    }

    /// Repairs the device.
    pub(crate) fn repair(&self) {
        self.plan(|_, _| None);
    }

    /// Makes every transfer in this direction go wrong from here on.
    pub(crate) fn all(&self, direction: Transfer, fault: Fault) {
        self.plan(move |transfer, _| (transfer == direction).then_some(fault));
    }

    /// Makes the next transfer in this direction go wrong, and no other.
    pub(crate) fn next(&self, direction: Transfer, fault: Fault) {
        let next = self.count(direction);
        self.plan(move |transfer, number| {
            (transfer == direction && number == next).then_some(fault)
        });
    }

    /// Counts the transfers in this direction.
    pub(crate) fn count(&self, direction: Transfer) -> u64 {
        self.counter(direction).load(Ordering::SeqCst)
    }

    fn counter(&self, direction: Transfer) -> &AtomicU64 {
        match direction {
            Transfer::Read => &self.reads,
            Transfer::Write => &self.writes,
        }
    }

    fn draw(&self, transfer: Transfer) -> Option<Fault> {
        let number = self.counter(transfer).fetch_add(1, Ordering::SeqCst);
        let plan = Arc::clone(&self.plan.lock().unwrap());
        plan(transfer, number)
    }
}

struct Faulty {
    inner: Box<dyn SwapDevice>,
    faults: Arc<Faults>,
}

impl std::fmt::Debug for Faulty {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:?} with faults", self.inner)
    }
}

fn flip(page: &mut Page) {
    page[PAGE_SIZE / 3] ^= 4;
}

impl SwapDevice for Faulty {
    fn read(&self, slot: Slot, page: &mut Page) -> io::Result<()> {
        let mut whole = [0; PAGE_SIZE];
        let fault = self.faults.draw(Transfer::Read);
        if matches!(fault, None | Some(Fault::EndsEarly | Fault::Tears | Fault::Flips)) {
            self.inner.read(slot, &mut whole)?;
        }
        let end = match fault {
            None | Some(Fault::Flips) => PAGE_SIZE,
            Some(Fault::EndsEarly | Fault::Tears) => PAGE_SIZE / 2,
            Some(Fault::Fails | Fault::IsLost) => 0,
        };
        page[..end].copy_from_slice(&whole[..end]);
        match fault {
            Some(Fault::Flips) => flip(page),
            Some(Fault::Fails) => return Err(io::Error::other("as if it were broken")),
            Some(Fault::EndsEarly) => return Err(ErrorKind::UnexpectedEof.into()),
            _ => {}
        }
        Ok(())
    }

    fn write(&self, slot: Slot, page: &Page) -> io::Result<()> {
        let mut changed = *page;
        match self.faults.draw(Transfer::Write) {
            None => self.inner.write(slot, page),
            Some(Fault::Fails) => Err(io::Error::other("as if it were broken")),
            Some(Fault::IsLost) => Ok(()),
            Some(Fault::Flips) => {
                flip(&mut changed);
                self.inner.write(slot, &changed)
            }
            Some(fault) => {
                self.inner.read(slot, &mut changed)?;
                let half = PAGE_SIZE / 2;
                changed[..half].copy_from_slice(&page[..half]);
                self.inner.write(slot, &changed)?;
                if fault == Fault::EndsEarly { Err(ErrorKind::WriteZero.into()) } else { Ok(()) }
            }
        }
    }
}
