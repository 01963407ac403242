//! A file as a swap device: slot n is the n-th page of it.

use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::path::Path;

use super::swap_device::SwapDevice;
use crate::memory::word::{PAGE_SIZE, Slot};

/// The first bytes of a swap file, in the page before that of slot 1, so that a file of something else is not
/// taken for one.
const SIGNATURE: &[u8] = b"Faultline swap file\n";

/// A regular file as swap. It is kept when the machine ends; only its checksums, which end with the machine,
/// gave its bytes a meaning.
#[derive(Debug)]
pub struct SwapFile(File);

impl SwapFile {
    /// Creates a file with room for slots 1 to `slots`, or empties a swap file that is there. The
    /// system gives it space as pages are written.
    ///
    /// # Errors
    /// The system's; and one that says so when it is no regular file, holds something else than swap,
    /// or another machine swaps to it.
    pub fn create(path: &Path, slots: u32) -> io::Result<Self> {
        // Asked before it is opened, because opening a pipe would wait for its other end, and again of
        // what was opened.
        if let Ok(metadata) = fs::metadata(path) {
            be_regular(&metadata)?;
        }
        let file =
            File::options().read(true).write(true).create(true).truncate(false).open(path)?;
        be_regular(&file.metadata()?)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = "another machine swaps to it, or it is about to be replaced; \
                    legal: a file that no run uses";
                return Err(io::Error::new(ErrorKind::ResourceBusy, message));
            }
            // A file system without locks: the checksums would show another machine's writes.
            Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        be_swap(&file)?;
        file.set_len(0)?;
        (&file).rewind()?;
        (&file).write_all(SIGNATURE)?;
        file.set_len(offset(Slot(slots)) + PAGE_SIZE as u64)?;
        Ok(Self(file))
    }
}

/// Refuses a file that holds something other than swap.
fn be_swap(file: &File) -> io::Result<()> {
    let mut found = Vec::new();
    file.take(SIGNATURE.len() as u64).read_to_end(&mut found)?;
    if found.is_empty() || found == SIGNATURE {
        return Ok(());
    }
    let message = "holds something else than swap; legal: a swap file of an earlier run, \
        an empty file, or a name that is free";
    Err(io::Error::new(ErrorKind::AlreadyExists, message))
}

fn be_regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let what = if metadata.is_dir() { "a folder" } else { "a device, pipe or socket" };
    Err(io::Error::new(ErrorKind::InvalidInput, format!("{what}, and no regular file")))
}

fn offset(slot: Slot) -> u64 {
    u64::from(slot.0) * PAGE_SIZE as u64
}

#[cfg(unix)]
impl SwapDevice for SwapFile {
    fn read(&self, slot: Slot, page: &mut [u8; PAGE_SIZE]) -> io::Result<()> {
        use std::os::unix::fs::FileExt;
        self.0.read_exact_at(page, offset(slot))
    }

    fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> io::Result<()> {
        use std::os::unix::fs::FileExt;
        self.0.write_all_at(page, offset(slot))
    }
}

#[cfg(windows)]
impl SwapDevice for SwapFile {
    fn read(&self, slot: Slot, page: &mut [u8; PAGE_SIZE]) -> io::Result<()> {
        use std::os::windows::fs::FileExt;
        whole(|done| self.0.seek_read(&mut page[done..], offset(slot) + done as u64))
    }

    fn write(&self, slot: Slot, page: &[u8; PAGE_SIZE]) -> io::Result<()> {
        use std::os::windows::fs::FileExt;
        whole(|done| self.0.seek_write(&page[done..], offset(slot) + done as u64))
    }
}

/// Transfers a whole page, piece by piece.
#[cfg(windows)]
fn whole(mut transfer: impl FnMut(usize) -> io::Result<usize>) -> io::Result<()> {
    let mut done = 0;
    while done < PAGE_SIZE {
        match transfer(done) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => done += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
