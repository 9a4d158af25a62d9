//! `fs`, and the files of `io`: what the caller was granted of the file system.

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::time::UNIX_EPOCH;

use alas_library::Builtin;
use alas_sandbox::{Entry, Failure, Grants};
use alas_value::{Array, Text, Value};

use super::outcome::{Ending, Outcome, ending, finish, map, refused};
use super::read;
use crate::words::quote;
use crate::{Context, ErrorCode, Fault, size};

/// How much is read or written before asking whether to go on: it takes well below a millisecond.
const PIECE: usize = 1 << 18;

/// Does something with a path, as a Result.
fn at_path<T>(
    builtin: Builtin,
    context: &Context<'_>,
    arguments: &[Value],
    work: impl FnOnce(&Grants, &str) -> Result<T, Failure>,
) -> Outcome<T> {
    let path = read::text(builtin, arguments, 0)?.as_str();
    work(context.grants(), path).map_err(|failure| ending(context, path, failure))
}

pub fn read_file(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(content(Builtin::FsReadFile, context, arguments).map(Value::Text))
}

fn content(builtin: Builtin, context: &Context<'_>, arguments: &[Value]) -> Outcome<Text> {
    let path = read::text(builtin, arguments, 0)?.as_str();
    let file = at_path(builtin, context, arguments, Grants::read)?;
    let bytes = all_of(file, context, path)?;
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(size::text(text)?),
        Err(error) => {
            let message = format!("{} is not UTF-8 from byte {} on", quote(path), error.valid_up_to());
            Err(refused(ErrorCode::ValueError, message))
        }
    }
}

/// All bytes of a file, which may be far longer than it says.
fn all_of(mut file: File, context: &Context<'_>, path: &str) -> Outcome<Vec<u8>> {
    let system = |error| ending(context, path, Failure::System(error));
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        // Both this and the text that is made of it are there for a while.
        size::check(2 * before.max(PIECE))?;
        let read = (&mut file).take(PIECE.max(before) as u64).read_to_end(&mut bytes).map_err(system)?;
        if read == 0 {
            return Ok(bytes);
        }
        context.poll()?;
    }
}

pub fn write_file(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(written(Builtin::FsWriteFile, context, arguments, Grants::write).map(|()| Value::Void))
}

pub fn append_file(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(written(Builtin::FsAppendFile, context, arguments, Grants::append).map(|()| Value::Void))
}

fn written(
    builtin: Builtin,
    context: &Context<'_>,
    arguments: &[Value],
    open: impl FnOnce(&Grants, &str) -> Result<File, Failure>,
) -> Outcome<()> {
    let text = read::text(builtin, arguments, 1)?.as_str();
    let mut file = at_path(builtin, context, arguments, open)?;
    for piece in text.as_bytes().chunks(PIECE) {
        let outcome = file.write_all(piece).map_err(Failure::System);
        at_path(builtin, context, arguments, |_, _| outcome)?;
        context.poll()?;
    }
    Ok(())
}

pub fn io_read_file(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (ok, data, error) = match content(Builtin::IoReadFile, context, arguments) {
        Ok(text) => (true, text, Text::new("")),
        Err(Ending::Refused(refusal)) => (false, Text::new(""), Text::new(&refusal.message)),
        Err(Ending::Fault(fault)) => return Err(fault),
    };
    Ok(map([("ok", Value::Bool(ok)), ("data", Value::Text(data)), ("error", Value::Text(error))]))
}

pub fn io_write_file(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let (ok, error) = match written(Builtin::IoWriteFile, context, arguments, Grants::write) {
        Ok(()) => (true, Text::new("")),
        Err(Ending::Refused(refusal)) => (false, Text::new(&refusal.message)),
        Err(Ending::Fault(fault)) => return Err(fault),
    };
    Ok(map([("ok", Value::Bool(ok)), ("error", Value::Text(error))]))
}

pub fn exists(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(at_path(Builtin::FsExists, context, arguments, |grants, path| match grants.entry(path) {
        Ok(_) => Ok(Value::Bool(true)),
        Err(Failure::System(error))
            if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) =>
        {
            Ok(Value::Bool(false))
        }
        Err(failure) => Err(failure),
    }))
}

pub fn list(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(names(context, arguments))
}

fn names(context: &Context<'_>, arguments: &[Value]) -> Outcome<Value> {
    let found = at_path(Builtin::FsList, context, arguments, Grants::names)?;
    let (mut names, mut bytes) = (Vec::new(), 0);
    for (index, name) in found.enumerate() {
        let name = at_path(Builtin::FsList, context, arguments, |_, _| name.map_err(Failure::System))?;
        // A name that is no text is shown as far as it is; it cannot be opened by that.
        names.push(name.to_string_lossy().into_owned());
        bytes += name.len() + 64;
        if index % 1024 == 0 {
            size::check(bytes)?;
            context.poll()?;
        }
    }
    size::check(bytes)?;
    names.sort_unstable();
    Ok(Value::Array(Array::from_values(names.iter().map(|name| Value::text(name)).collect())))
}

pub fn stat(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(at_path(Builtin::FsStat, context, arguments, Grants::entry).map(|entry| describe(&entry)))
}

fn describe(entry: &Entry) -> Value {
    let modified = entry.modified.and_then(|modified| {
        let since = match modified.duration_since(UNIX_EPOCH) {
            Ok(after) => i64::try_from(after.as_millis()).ok()?,
            Err(before) => i64::try_from(before.duration().as_millis()).ok()?.checked_neg()?,
        };
        Some(Value::Int(since))
    });
    map([
        ("kind", Value::text(entry.kind.as_str())),
        ("size", Value::Int(i64::try_from(entry.size).unwrap_or(i64::MAX))),
        ("modified", modified.unwrap_or(Value::Void)),
    ])
}

pub fn make_dir(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(at_path(Builtin::FsMakeDir, context, arguments, Grants::make_folder).map(|()| Value::Void))
}

pub fn remove(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(at_path(Builtin::FsRemove, context, arguments, Grants::remove).map(|()| Value::Void))
}

pub fn rename(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let to = read::text(Builtin::FsRename, arguments, 1)?.clone();
    let rename = |grants: &Grants, from: &str| grants.rename(from, to.as_str());
    finish(at_path(Builtin::FsRename, context, arguments, rename).map(|()| Value::Void))
}
