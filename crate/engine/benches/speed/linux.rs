//! Measures the peer: the kernel's own anonymous memory, with the same batches.
#![expect(unsafe_code, reason = "mmap, madvise and fork, and touching what they map")]

use crate::timing::Stopwatch;

const PAGE: usize = 4096;

/// Asks for huge pages for memory that was not touched yet, as the engine does for its frames.
pub(crate) fn ask_for_huge_pages<T>(memory: &mut [T]) {
    let start = memory.as_mut_ptr().cast::<u8>();
    let skip = start.align_offset(PAGE);
    let Some(bytes) = size_of_val(memory).checked_sub(skip) else { return };
    // SAFETY: the range is within the memory, and the advice changes no byte.
    unsafe { libc::madvise(start.add(skip).cast(), bytes, libc::MADV_HUGEPAGE) };
}

/// Anonymous private memory without huge pages, unmapped at the end.
pub(crate) struct Mapping {
    base: *mut u8,
    pages: usize,
}

impl Mapping {
    pub(crate) fn new(pages: usize) -> Option<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: a fresh anonymous mapping, wherever the kernel likes.
        let base =
            unsafe { libc::mmap(std::ptr::null_mut(), pages * PAGE, protection, flags, -1, 0) };
        if base == libc::MAP_FAILED {
            return None;
        }
        let mapping = Self { base: base.cast(), pages };
        // SAFETY: advice about our own mapping. A kernel without huge pages refuses it, and needs
        // none.
        unsafe { libc::madvise(base, pages * PAGE, libc::MADV_NOHUGEPAGE) };
        Some(mapping)
    }

    /// Writes a word of each page.
    fn touch(&self) {
        for page in 0..self.pages {
            // SAFETY: within the mapping, which is writable and aligned.
            unsafe { self.base.add(page * PAGE).cast::<u64>().write_volatile(page as u64) };
        }
    }

    /// Gives the pages back; they are zero when touched again.
    fn discard(&self) {
        // SAFETY: our own mapping; nobody refers to its contents.
        unsafe { libc::madvise(self.base.cast(), self.pages * PAGE, libc::MADV_DONTNEED) };
    }

    /// Measures first touches; nanoseconds a page.
    pub(crate) fn demand_zero(&self, times: usize) -> f64 {
        let mut watch = Stopwatch::default();
        for _ in 0..times {
            self.discard();
            watch.time(self.pages as u64, || self.touch());
        }
        watch.per_operation()
    }

    /// Measures writes in a forked child to pages that it shares; nanoseconds a page.
    pub(crate) fn copy_on_write(&self, times: usize) -> Option<f64> {
        self.touch();
        let mut watch = Stopwatch::default();
        for _ in 0..times {
            let (mut parent_end, mut child_end) = std::io::pipe().ok()?;
            // SAFETY: the child only touches memory, reads the clock, writes to a pipe and leaves.
            match unsafe { libc::fork() } {
                -1 => return None,
                0 => {
                    let mut child = Stopwatch::default();
                    child.time(1, || self.touch());
                    let nanoseconds = child.per_operation();
                    let _ = std::io::Write::write_all(&mut child_end, &nanoseconds.to_le_bytes());
                    // SAFETY: leaves without running the parent's clean-up.
                    unsafe { libc::_exit(0) }
                }
                child => {
                    drop(child_end);
                    let mut bytes = [0; 8];
                    std::io::Read::read_exact(&mut parent_end, &mut bytes).ok()?;
                    // SAFETY: waits for our own child.
                    unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
                    watch.add(f64::from_le_bytes(bytes), self.pages as u64);
                }
            }
        }
        Some(watch.per_operation())
    }
}

/// Measures dirty pages that are paged out to zram and read back; nanoseconds a page. None where no zram is in
/// use as swap.
pub(crate) fn page_out_and_refault(pages: usize) -> Option<f64> {
    let swaps = std::fs::read_to_string("/proc/swaps").ok()?;
    if !swaps.lines().skip(1).all(|line| line.starts_with("/dev/zram")) || swaps.lines().count() < 2
    {
        return None;
    }
    let mapping = Mapping::new(pages)?;
    mapping.touch();
    let mut watch = Stopwatch::default();
    watch.time(pages as u64, || {
        // SAFETY: advice about our own mapping; its contents stay.
        unsafe { libc::madvise(mapping.base.cast(), pages * PAGE, libc::MADV_PAGEOUT) };
        mapping.touch();
    });
    Some(watch.per_operation())
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: mapped by `new`, not used after this.
        unsafe { libc::munmap(self.base.cast(), self.pages * PAGE) };
    }
}

/// Measures faults on pages that are in memory already, but not mapped: a shared memory file whose mapping
/// was given back. It is the kernel's nearest equivalent of a rescue, without swap. Nanoseconds a page.
pub(crate) fn minor_faults(pages: usize, times: usize) -> Option<f64> {
    // SAFETY: a name without interior zero, no flags.
    let file = unsafe { libc::memfd_create(c"faultline-bench".as_ptr(), 0) };
    if file < 0 {
        return None;
    }
    let size = pages * PAGE;
    let protection = libc::PROT_READ | libc::PROT_WRITE;
    // SAFETY: our own file, sized before it is mapped, mapped whole.
    let base = unsafe {
        libc::ftruncate(file, size as libc::off_t);
        libc::mmap(std::ptr::null_mut(), size, protection, libc::MAP_SHARED, file, 0)
    };
    // SAFETY: ours to close; the mapping stays.
    unsafe { libc::close(file) };
    if base == libc::MAP_FAILED {
        return None;
    }
    let mapping = Mapping { base: base.cast(), pages };
    // SAFETY: advice about our own mapping: map one page a fault.
    unsafe { libc::madvise(base, size, libc::MADV_RANDOM) };
    mapping.touch();
    Some(mapping.demand_zero(times))
}
