//! Keeps the files that one call of the command reads apart from those that it writes.
//!
//! A file is known by its identity, whatever its name: hard links, symbolic links and `/dev/stdin` are
//! the file that they lead to. A regular file is written to a temporary beside it, which replaces it
//! whole at the end, so that a run that fails leaves the old file as it was.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, TryLockError};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The files that a call is known to read and write.
pub(crate) struct Files(Vec<(Identity, String)>);

impl Files {
    /// Begins with standard output and standard error, which every call may write to.
    pub(crate) fn new() -> Self {
        let mut files = Self(Vec::new());
        files.note_standard(io::stdout(), "standard output");
        files.note_standard(io::stderr(), "standard error");
        files
    }

    /// Notes that standard input is read, as `what`.
    pub(crate) fn reads_standard_input(&mut self, what: &str) {
        self.note_standard(io::stdin(), what);
    }

    /// Notes that a file is read, as `what`.
    pub(crate) fn reads(&mut self, path: &Path, metadata: &Metadata, what: &str) {
        // A terminal or /dev/null may be read and written any number of times.
        if kind(metadata) != Kind::CharacterDevice
            && let Ok(identity) = Identity::of(path, metadata)
        {
            self.0.push((identity, what.to_owned()));
        }
    }

    /// Notes a file that `option` is going to write, before anything is written.
    ///
    /// # Errors
    /// A sentence, if the call reads or writes the file already or the system knows no place for it.
    pub(crate) fn writes(&mut self, option: &str, path: &Path) -> Result<(), String> {
        let at = |error| format!("{option} {}: {error}", path.display());
        let identity = match fs::metadata(path) {
            Ok(metadata) if kind(&metadata) == Kind::CharacterDevice => return Ok(()),
            Ok(metadata) => Identity::of(path, &metadata).map_err(at)?,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Identity::to_be_made(path).map_err(at)?
            }
            Err(error) => return Err(at(error)),
        };
        if let Some((_, what)) = self.0.iter().find(|(known, _)| *known == identity) {
            let legal = "a file that the command neither reads nor writes otherwise";
            return Err(format!("{option} {}: is {what}; legal: {legal}", path.display()));
        }
        self.0.push((identity, format!("the file of {option} too")));
        Ok(())
    }

    /// Prepares a file that `option` is going to write, and checks that it can be written.
    ///
    /// # Errors
    /// As of [`Self::writes`]; and a sentence about a file that is not to be replaced.
    pub(crate) fn output(&mut self, option: &str, path: &Path) -> Result<Output, String> {
        self.writes(option, path)?;
        Output::new(option, path).map_err(|error| format!("{option} {}: {error}", path.display()))
    }

    #[cfg(unix)]
    fn note_standard(&mut self, stream: impl std::os::fd::AsFd, what: &str) {
        // A stream that is closed is no file.
        if let Ok(stream) = stream.as_fd().try_clone_to_owned()
            && let Ok(metadata) = File::from(stream).metadata()
        {
            self.reads(Path::new(""), &metadata, what);
        }
    }

    #[cfg(not(unix))]
    fn note_standard<Stream>(&mut self, _: Stream, _: &str) {}
}

/// Opens a regular file for reading.
///
/// # Errors
/// The system's; and one that says what it is instead.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    // Asked before it is opened, because opening a fifo would wait for its other end, and again of what
    // was opened.
    be_regular(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    be_regular(&file.metadata()?)?;
    Ok(file)
}

/// A file that is to be written.
pub(crate) struct Output {
    /// The option and the path, as errors name them.
    name: String,
    place: Place,
}

enum Place {
    /// A regular file, or none yet: its path without links, and the lock on what is there.
    Regular(PathBuf, Option<File>),
    /// A fifo or a device, which takes what is written as it comes.
    Stream(PathBuf),
}

impl Output {
    fn new(option: &str, path: &Path) -> io::Result<Self> {
        let place = match fs::metadata(path) {
            Ok(metadata) => match kind(&metadata) {
                Kind::Regular => {
                    let target = fs::canonicalize(path)?;
                    let old = hold(&target)?;
                    Place::Regular(target, old)
                }
                Kind::CharacterDevice | Kind::Fifo => Place::Stream(path.to_owned()),
                kind => {
                    let message = format!("is {}; legal: a regular file or a fifo", kind.name());
                    return Err(io::Error::new(ErrorKind::InvalidInput, message));
                }
            },
            Err(error) if error.kind() == ErrorKind::NotFound => {
                Place::Regular(fs::canonicalize(folder(path))?.join(name(path)?), None)
            }
            Err(error) => return Err(error),
        };
        if let Place::Regular(target, _) = &place {
            // A file that cannot be written is reported before the work and not after it.
            tempfile::tempfile_in(folder(target))?;
        }
        Ok(Self { name: format!("{option} {}", path.display()), place })
    }

    /// Begins to write the file.
    pub(crate) fn begin(self) -> Result<Draft, String> {
        let Self { name, place } = self;
        let begun = match place {
            Place::Stream(path) => File::options().write(true).open(path).map(|file| Draft {
                name: name.clone(),
                file,
                replaces: None,
            }),
            Place::Regular(target, old) => temporary(&target, old.as_ref()).and_then(|temporary| {
                let file = temporary.as_file().try_clone()?;
                Ok(Draft { name: name.clone(), file, replaces: Some((temporary, target, old)) })
            }),
        };
        begun.map_err(|error| format!("{name}: {error}"))
    }

    /// Writes a text to the file, and finishes it.
    pub(crate) fn write(self, text: &str) -> Result<(), String> {
        self.write_by(|out| out.write_all(text.as_bytes()))
    }

    /// Writes the file by `write`, and finishes it.
    pub(crate) fn write_by(
        self,
        write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
    ) -> Result<(), String> {
        let draft = self.begin()?;
        let mut out = draft.writer()?;
        write(&mut out)
            .and_then(|()| out.flush())
            .map_err(|error| format!("{}: {error}", draft.name))?;
        draft.finish()
    }
}

/// A file that is being written. Dropped unfinished, it leaves what was there.
pub(crate) struct Draft {
    name: String,
    file: File,
    /// What is written, where it goes in the end, and the lock on what is there.
    replaces: Option<(NamedTempFile, PathBuf, Option<File>)>,
}

impl Draft {
    /// Returns the option and the path, as errors name them.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns a writer of the file.
    pub(crate) fn writer(&self) -> Result<BufWriter<File>, String> {
        let file = self.file.try_clone().map_err(|error| format!("{}: {error}", self.name))?;
        Ok(BufWriter::new(file))
    }

    /// Replaces the old file by the one that was written.
    pub(crate) fn finish(self) -> Result<(), String> {
        let Self { name, replaces, .. } = self;
        let Some((temporary, target, old)) = replaces else { return Ok(()) };
        // Another program may have put another file there meanwhile.
        hold(&target)
            .and_then(|now| {
                temporary.persist(&target).map_err(|error| error.error)?;
                drop((now, old));
                Ok(())
            })
            .map_err(|error| format!("{name}: {error}"))
    }
}

/// Locks the regular file that is to be replaced, if there is one, so that no other run takes it for
/// its swap meanwhile.
fn hold(target: &Path) -> io::Result<Option<File>> {
    match fs::metadata(target) {
        Ok(metadata) => be_regular(&metadata)?,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    }
    let file = File::options().write(true).open(target)?;
    match file.try_lock_shared() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            let message = "another run swaps to it; legal: a file that no run has open as swap";
            Err(io::Error::new(ErrorKind::ResourceBusy, message))
        }
        // A file system without locks.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(Some(file)),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Creates an empty file beside the target, with the permissions of the old one or of any new file.
fn temporary(target: &Path, old: Option<&File>) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".faultline-").suffix(".part");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let temporary = builder.tempfile_in(folder(target))?;
    if let Some(old) = old {
        temporary.as_file().set_permissions(old.metadata()?.permissions())?;
    }
    Ok(temporary)
}

/// Returns the folder that a file is in.
fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Returns the name of a file that does not exist yet.
fn name(path: &Path) -> io::Result<OsString> {
    // The system would follow the link, and a rename would not.
    if fs::symlink_metadata(path).is_ok() {
        let message = "is a symbolic link to nothing; legal: a file, or a name that is free";
        return Err(io::Error::new(ErrorKind::InvalidInput, message));
    }
    let name = path.file_name().filter(|_| !path.as_os_str().to_string_lossy().ends_with('/'));
    name.map(OsString::from).ok_or_else(|| ErrorKind::NotFound.into())
}

/// The identity of a file distinguishes it from all others.
#[cfg(unix)]
#[derive(Debug, PartialEq, Eq)]
struct Identity {
    device: u64,
    inode: u64,
    /// The name of a file that does not exist yet; the numbers are its folder's.
    name: Option<OsString>,
}

#[cfg(unix)]
impl Identity {
    fn of(_: &Path, metadata: &Metadata) -> io::Result<Self> {
        use std::os::unix::fs::MetadataExt;
        Ok(Self { device: metadata.dev(), inode: metadata.ino(), name: None })
    }

    fn to_be_made(path: &Path) -> io::Result<Self> {
        let folder = folder(path);
        let identity = Self::of(folder, &fs::metadata(folder)?)?;
        Ok(Self { name: Some(name(path)?), ..identity })
    }
}

/// The identity of a file, where the system shows no more: its path without links.
#[cfg(not(unix))]
#[derive(Debug, PartialEq, Eq)]
struct Identity(PathBuf);

#[cfg(not(unix))]
impl Identity {
    fn of(path: &Path, _: &Metadata) -> io::Result<Self> {
        fs::canonicalize(path).map(Self)
    }

    fn to_be_made(path: &Path) -> io::Result<Self> {
        Ok(Self(fs::canonicalize(folder(path))?.join(name(path)?)))
    }
}

/// The kind of a file that a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Regular,
    Folder,
    Fifo,
    CharacterDevice,
    BlockDevice,
    Socket,
    Other,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Regular => "a regular file",
            Self::Folder => "a folder",
            Self::Fifo => "a fifo",
            Self::CharacterDevice => "a character device",
            Self::BlockDevice => "a block device",
            Self::Socket => "a socket",
            Self::Other => "no file",
        }
    }
}

fn kind(metadata: &Metadata) -> Kind {
    let file_type = metadata.file_type();
    if file_type.is_file() {
        return Kind::Regular;
    }
    if file_type.is_dir() {
        return Kind::Folder;
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        if file_type.is_fifo() {
            return Kind::Fifo;
        }
        if file_type.is_char_device() {
            return Kind::CharacterDevice;
        }
        if file_type.is_block_device() {
            return Kind::BlockDevice;
        }
        if file_type.is_socket() {
            return Kind::Socket;
        }
    }
    Kind::Other
}

fn be_regular(metadata: &Metadata) -> io::Result<()> {
    match kind(metadata) {
        Kind::Regular => Ok(()),
        kind => {
            let message = format!("is {}; legal: a regular file", kind.name());
            Err(io::Error::new(ErrorKind::InvalidInput, message))
        }
    }
}
