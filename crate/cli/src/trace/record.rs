//! `faultline trace record` runs a program under valgrind, and converts what its tool lackey writes as it comes. Valgrind
//! writes the program's system calls too, which tell what its addresses are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::Args;

use super::options::KeepOptions;

#[derive(Args, Debug)]
pub(crate) struct RecordOptions {
    /// Where the trace is written, packed if the name ends in .gz; without it, the command's name and .gz. A file that
    /// is there is replaced at the end.
    #[arg(long, value_name = "OUT")]
    out: Option<PathBuf>,
    #[command(flatten)]
    keep: KeepOptions,
    /// The program and its arguments. It keeps its input and its output.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

impl RecordOptions {
    /// Where the trace is written.
    fn out(&self) -> PathBuf {
        let name = Path::new(&self.command[0]).file_name().unwrap_or_default();
        self.out.clone().unwrap_or_else(|| Path::new(name).with_added_extension("gz"))
    }

    /// The command as a comment has it.
    fn origin(&self) -> String {
        let words: Vec<_> = self.command.iter().map(|word| word.to_string_lossy()).collect();
        words.join(" ")
    }
}

/// Records a program. True if it ended well.
#[cfg(target_os = "linux")]
pub(crate) fn record(options: &RecordOptions) -> Result<bool, String> {
    use super::convert::{Target, write};
    use super::source::Source;
    use crate::files::Files;
    use crate::output::say;

    let out = options.out();
    let output = Files::new().output("--out", &out)?;
    // An interrupt reaches the program too; what it has done until then is kept.
    ctrlc::set_handler(|| {}).map_err(|error| format!("signals cannot be waited for: {error}"))?;
    let recording = valgrind::Recording::start(&options.command)?;
    let child = recording.child();
    let source = Source::of("valgrind", Box::new(recording));
    let mut target = Target::file(output, &out)?;
    let written = write(source, &options.origin(), options.keep.reader(), &mut target);
    let status = valgrind::end(&child, written.is_err())?;
    if let Err(message) = written {
        let told = if status.success() { String::new() } else { format!(" (valgrind: {status})") };
        return Err(format!("{message}{told}"));
    }
    target.finish()?;
    say(&format!("{}: has the trace", out.display()));
    if !status.success() {
        say(&format!("{}: {status}", options.command[0].to_string_lossy()));
    }
    Ok(status.success())
}

/// Says that there is nothing to record with.
#[cfg(not(target_os = "linux"))]
pub(crate) fn record(options: &RecordOptions) -> Result<bool, String> {
    let (out, origin) = (options.out(), options.origin());
    let _ = (&options.keep, out);
    Err(format!(
        "{origin:?} is not recorded: that takes valgrind on Linux; legal: faultline trace convert, of a trace from elsewhere"
    ))
}

#[cfg(target_os = "linux")]
mod valgrind {
    //! Runs valgrind, and reads what it writes from a fifo.

    use std::ffi::OsString;
    use std::fs::{File, OpenOptions};
    use std::io::{self, ErrorKind, Read};
    use std::os::unix::fs::OpenOptionsExt;
    use std::process::{Child, Command, ExitStatus};
    use std::sync::{Arc, Mutex, PoisonError};

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::fs::{CWD, FileType, Mode, OFlags, mknodat};
    use tempfile::TempDir;

    /// How to get valgrind.
    const INSTALL: &str = "valgrind is not installed; legal: a system that has it: apt-get install valgrind (Debian, Ubuntu), \
        dnf install valgrind (Fedora), pacman -S valgrind (Arch), apk add valgrind (Alpine)";

    /// How long a look at the fifo waits, in nanoseconds, before the child is looked at again.
    const LOOK: i64 = 100_000_000;

    /// A program that is being recorded: what lackey writes, until the program has ended.
    pub(super) struct Recording {
        fifo: File,
        child: Arc<Mutex<Child>>,
        has_ended: bool,
        /// The folder of the fifo, which goes with this.
        _folder: TempDir,
    }

    impl Recording {
        /// Starts a program.
        pub(super) fn start(command: &[OsString]) -> Result<Self, String> {
            let folder = tempfile::tempdir().map_err(|error| format!("a fifo: {error}"))?;
            let path = folder.path().join("lackey");
            mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            // Without waiting for valgrind, which may end before it opens the other end.
            let fifo = OpenOptions::new()
                .read(true)
                .custom_flags(OFlags::NONBLOCK.bits() as i32)
                .open(&path)
                .map_err(|error| format!("{}: {error}", path.display()))?;
            let mut log = OsString::from("--log-file=");
            // A % would begin a pattern of valgrind's.
            log.push(path.to_string_lossy().replace('%', "%%"));
            let child = Command::new("valgrind")
                .args(["--tool=lackey", "--trace-mem=yes", "--trace-syscalls=yes"])
                .arg(log)
                .arg("--")
                .args(command)
                .spawn();
            match child {
                Ok(child) => Ok(Self {
                    fifo,
                    child: Arc::new(Mutex::new(child)),
                    has_ended: false,
                    _folder: folder,
                }),
                Err(error) if error.kind() == ErrorKind::NotFound => Err(INSTALL.to_owned()),
                Err(error) => Err(format!("valgrind: {error}")),
            }
        }

        /// Returns the process.
        pub(super) fn child(&self) -> Arc<Mutex<Child>> {
            Arc::clone(&self.child)
        }
    }

    /// Waits for the program's end, or ends it where nothing of it is recorded any more.
    pub(super) fn end(child: &Mutex<Child>, is_in_vain: bool) -> Result<ExitStatus, String> {
        let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
        if is_in_vain {
            // One that has ended already cannot be ended, and that is well.
            let _ = child.kill();
        }
        child.wait().map_err(|error| format!("valgrind: {error}"))
    }

    impl Read for Recording {
        fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
            loop {
                match self.fifo.read(bytes) {
                    // No other end is open: it was closed, or not yet opened.
                    Ok(0) if self.has_ended => return Ok(0),
                    Ok(0) => {}
                    Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                    read => return read,
                }
                let mut ends = [PollFd::new(&self.fifo, PollFlags::IN)];
                let look = Timespec { tv_sec: 0, tv_nsec: LOOK };
                poll(&mut ends, Some(&look))?;
                let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
                // What it wrote before its end is read once more.
                self.has_ended = child.try_wait()?.is_some();
            }
        }
    }
}
