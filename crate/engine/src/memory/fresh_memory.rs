//! Memory for pages: aligned to the size of a page, zero, and untouched, so that the host gives a page of it only
//! when something is first written there.
#![expect(unsafe_code, reason = "pages that no allocator touches to zero them")]

pub(super) use host::Fresh;

#[cfg(not(target_arch = "wasm32"))]
mod host {
    use std::alloc::{Layout, alloc_zeroed, dealloc};
    use std::ptr::NonNull;

    use crate::memory::word::PAGE_SIZE;

    /// Whether memory of so many bytes is worth huge pages, which most hosts have of 2 MiB: that of a small machine would be
    /// a part of one, which the host would zero in full.
    #[cfg(all(target_os = "linux", not(miri)))]
    pub(super) fn is_large(bytes: usize) -> bool {
        bytes >= 4 * (2 << 20)
    }

    /// Owns the memory of some pages.
    #[derive(Debug)]
    pub(in crate::memory) struct Fresh {
        allocation: NonNull<u8>,
        layout: Layout,
    }

    impl Fresh {
        /// Returns memory for so many pages, or none when there is not that much.
        pub(in crate::memory) fn pages(count: usize) -> Option<Self> {
            // One page more than asked for, so that the pages can be aligned to their size, which keeps copies
            // fast (ends that differ by 8 modulo 4096 alias). A larger alignment of the allocation itself would
            // make the allocator touch all of it to zero it.
            let bytes = count.checked_add(1)?.checked_mul(PAGE_SIZE)?;
            let layout = Layout::from_size_align(bytes, align_of::<u64>()).ok()?;
            // SAFETY: the layout is not empty.
            let allocation = NonNull::new(unsafe { alloc_zeroed(layout) })?;
            let memory = Self { allocation, layout };
            memory.ask_for_huge_pages();
            Some(memory)
        }

        /// Asks the host for huge pages, as an operating system maps its own memory: a random access in small ones misses
        /// the host's TLB, and in a virtual machine a miss walks two page tables.
        #[cfg(all(target_os = "linux", not(miri)))]
        fn ask_for_huge_pages(&self) {
            let bytes = self.layout.size() - PAGE_SIZE;
            if is_large(bytes) {
                // SAFETY: the range is within the allocation. The advice changes no byte, and where the host does not take
                // it nothing else changes.
                unsafe {
                    libc::madvise(self.first_page().as_ptr().cast(), bytes, libc::MADV_HUGEPAGE)
                };
            }
        }

        #[cfg(not(all(target_os = "linux", not(miri))))]
        fn ask_for_huge_pages(&self) {}

        /// Returns the first byte of the first page.
        pub(in crate::memory) fn first_page(&self) -> NonNull<u8> {
            let skip = self.allocation.as_ptr().align_offset(PAGE_SIZE);
            // SAFETY: `skip` is less than a page, and the allocation has a page more than was asked for.
            unsafe { self.allocation.add(skip) }
        }
    }

    impl Drop for Fresh {
        fn drop(&mut self) {
            // SAFETY: allocated in `pages` with this layout.
            unsafe { dealloc(self.allocation.as_ptr(), self.layout) }
        }
    }
}

#[cfg(target_arch = "wasm32")]
mod host {
    use core::arch::wasm32::memory_grow;
    use std::ptr::NonNull;
    use std::sync::{Mutex, PoisonError};

    use crate::memory::word::PAGE_SIZE;

    /// The bytes by which a memory grows, which are a multiple of a page.
    const GROWTH: usize = 1 << 16;

    /// Memory that was given back, as addresses and bytes. A WebAssembly memory never shrinks.
    static GIVEN_BACK: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

    /// Owns the memory of some pages. It does not come from the allocator, which zeroes what it gives by writing.
    #[derive(Debug)]
    pub(in crate::memory) struct Fresh {
        address: usize,
        bytes: usize,
    }

    impl Fresh {
        /// Returns memory for so many pages, or none when there is not that much.
        pub(in crate::memory) fn pages(count: usize) -> Option<Self> {
            let bytes = count.checked_mul(PAGE_SIZE)?.checked_next_multiple_of(GROWTH)?;
            let mut given_back = GIVEN_BACK.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(at) = given_back.iter().position(|&(_, room)| room >= bytes) {
                let (address, bytes) = given_back.swap_remove(at);
                let memory = Self { address, bytes };
                // SAFETY: whoever gave it back uses it no more, and nobody else has it yet.
                unsafe { memory.first_page().write_bytes(0, bytes) }
                return Some(memory);
            }
            match memory_grow::<0>(bytes / GROWTH) {
                usize::MAX => None,
                end => Some(Self { address: end * GROWTH, bytes }),
            }
        }

        /// Returns the first byte of the first page.
        pub(in crate::memory) fn first_page(&self) -> NonNull<u8> {
            NonNull::new(std::ptr::with_exposed_provenance_mut(self.address))
                .expect("a memory that grows has grown past its beginning")
        }
    }

    impl Drop for Fresh {
        fn drop(&mut self) {
            let mut given_back = GIVEN_BACK.lock().unwrap_or_else(PoisonError::into_inner);
            given_back.push((self.address, self.bytes));
        }
    }
}

#[cfg(all(test, target_os = "linux", not(miri)))]
mod tests {
    use std::fs::read_to_string;
    use std::path::Path;

    use super::host::{Fresh, is_large};
    use crate::memory::word::PAGE_SIZE;

    /// Returns the flags of the mapping that an address is in.
    fn flags_at(address: usize) -> String {
        let maps = read_to_string("/proc/self/smaps").unwrap();
        let mut is_in = false;
        for line in maps.lines() {
            let range = line.split_once(' ').and_then(|(range, _)| range.split_once('-'));
            let bounds = range.map(|(from, to)| [from, to].map(|at| usize::from_str_radix(at, 16)));
            if let Some([Ok(from), Ok(to)]) = bounds {
                is_in = (from..to).contains(&address);
            } else if is_in && let Some(flags) = line.strip_prefix("VmFlags:") {
                return format!("{flags} ");
            }
        }
        panic!("no mapping has {address:x}");
    }

    #[test]
    fn large_memory_is_asked_for_in_huge_pages_and_small_is_not() {
        // More than the allocator ever takes from memory that it has had before.
        let pages = 1 << 14;
        let memory = Fresh::pages(pages).unwrap();
        let flags = flags_at(memory.first_page().as_ptr().addr() + pages * PAGE_SIZE / 2);
        // A kernel that was built without them has none to ask for.
        let has_some = Path::new("/sys/kernel/mm/transparent_hugepage").exists();
        assert_eq!(flags.contains(" hg "), has_some, "{flags}");
        assert!(is_large(8 << 20) && !is_large((8 << 20) - PAGE_SIZE));
    }
}
