//! Processes that run commands, which end with whoever started them.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::commands::passable;
use crate::grants::Grants;
use crate::{Access, Failure};

/// How long output is waited for that others still hold open, once the command itself has ended.
const GRACE: Duration = Duration::from_millis(100);

/// How much is read before the caller gets to look.
const PIECE: u64 = 1 << 18;

/// The code of a command that a signal has ended is that of the signal and this, as shells have it.
const SIGNALLED: i32 = 128;

/// What to run.
#[derive(Debug, Clone, Copy)]
pub struct Order<'o> {
    /// The command: a name or a path.
    pub command: &'o str,
    /// Its arguments, which no shell sees.
    pub arguments: &'o [&'o str],
    /// What it reads from its standard input.
    pub input: &'o str,
    /// The folder that it works in; `None` for that of the host.
    pub folder: Option<&'o str>,
}

/// A command that runs. It is ended, with all that it has started in its process group, when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    output: Stream,
    errors: Stream,
    exited: Option<(ExitStatus, Instant)>,
}

#[derive(Debug)]
struct Stream {
    /// Nothing when its end was read.
    pipe: Option<File>,
    bytes: Vec<u8>,
}

impl Stream {
    fn of(pipe: impl Into<OwnedFd>) -> io::Result<Self> {
        let pipe = pipe.into();
        fcntl_setfl(&pipe, fcntl_getfl(&pipe)? | OFlags::NONBLOCK)?;
        Ok(Self { pipe: Some(pipe.into()), bytes: Vec::new() })
    }

    /// Reads what is there.
    fn read(&mut self) -> io::Result<()> {
        let Some(pipe) = &mut self.pipe else { return Ok(()) };
        let before = self.bytes.len() as u64;
        match pipe.take(PIECE).read_to_end(&mut self.bytes) {
            Ok(_) if self.bytes.len() as u64 - before < PIECE => self.pipe = None,
            Ok(_) => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

impl Grants {
    /// Starts a command, in an environment that holds the host's search path and nothing else.
    ///
    /// # Errors
    ///
    /// The command is not granted, or its folder is not granted to be read; there is no such program or folder; or the system
    /// refuses.
    pub fn start(&self, order: &Order<'_>) -> Result<Process, Failure> {
        passable(order.command)?;
        let mut command = Command::new(self.command(order.command)?);
        for argument in order.arguments {
            command.arg(passable(argument)?);
        }
        // From a file, so that nobody has to write while the command reads.
        let mut input = tempfile::tempfile()?;
        input.write_all(order.input.as_bytes())?;
        input.rewind()?;
        command.stdin(input).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env_clear().envs(std::env::var_os("PATH").map(|path| ("PATH", path)));
        let folder = order.folder.map(|folder| self.folder(Access::Read, folder)).transpose()?;
        match &folder {
            // The folder that was checked, whatever its path means by now.
            #[cfg(target_os = "linux")]
            Some((folder, _)) => command.current_dir(format!("/proc/self/fd/{}", folder.as_fd().as_raw_fd())),
            #[cfg(not(target_os = "linux"))]
            Some((_, path)) => command.current_dir(path),
            None => command.current_dir(self.working_folder()),
        };
        // Signals reach all that it starts, and those of a terminal reach none of it.
        command.process_group(0);
        let mut child = command.spawn()?;
        let streams = (child.stdout.take(), child.stderr.take());
        let streams = match streams {
            (Some(output), Some(errors)) => {
                Stream::of(output).and_then(|output| Ok((output, Stream::of(errors)?)))
            }
            _ => Err(io::Error::other("the command has no output")),
        };
        match streams {
            Ok((output, errors)) => Ok(Process { child, output, errors, exited: None }),
            Err(error) => {
                end(&mut child);
                Err(error.into())
            }
        }
    }
}

impl Process {
    /// Waits for output or the end, no longer than for a while; says whether the command has ended.
    ///
    /// # Errors
    ///
    /// The system refuses.
    pub fn advance(&mut self, wait: Duration) -> io::Result<bool> {
        let pipes = [&self.output, &self.errors].into_iter().filter_map(|stream| stream.pipe.as_ref());
        let mut watched: Vec<PollFd<'_>> = pipes.map(|pipe| PollFd::new(pipe, PollFlags::IN)).collect();
        // Where nothing is left to read, the end is near.
        let wait = if watched.is_empty() { wait.min(Duration::from_millis(1)) } else { wait };
        let wait = Timespec { tv_sec: 0, tv_nsec: wait.as_nanos().min(999_999_999).try_into().unwrap_or(0) };
        match poll(&mut watched, Some(&wait)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        self.output.read()?;
        self.errors.read()?;
        if self.exited.is_none() {
            self.exited = self.child.try_wait()?.map(|status| (status, Instant::now()));
        }
        let is_read = self.output.pipe.is_none() && self.errors.pipe.is_none();
        Ok(self.exited.is_some_and(|(_, at)| is_read || at.elapsed() > GRACE))
    }

    /// How many bytes the command has written.
    #[must_use]
    pub fn written(&self) -> usize {
        self.output.bytes.len() + self.errors.bytes.len()
    }

    /// The code that the command has ended with, and what it has written to its output and its errors. Ends what it has started
    /// and left behind.
    #[must_use]
    pub fn finish(mut self) -> (i32, Vec<u8>, Vec<u8>) {
        let status = self.exited.map(|(status, _)| status);
        let code = status.and_then(|status| status.code().or_else(|| Some(SIGNALLED + status.signal()?)));
        (code.unwrap_or(-1), std::mem::take(&mut self.output.bytes), std::mem::take(&mut self.errors.bytes))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}

/// Ends a command and its process group.
fn end(child: &mut Child) {
    if let Some(group) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // There may be nobody left.
        let _ = kill_process_group(group, Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
}
