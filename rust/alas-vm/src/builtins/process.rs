//! `process`: commands that the caller was granted.

use std::time::{Duration, Instant};

use alas_library::Builtin;
use alas_sandbox::{Failure, Order, Process};
use alas_value::{Map, Value};

use super::outcome::{Outcome, ending, finish, map, refused};
use super::read;
use crate::words::quote;
use crate::{Context, ErrorCode, Fault, size};

const RUN: Builtin = Builtin::ProcessRun;

/// What a call asks for beside the command and its arguments.
#[derive(Default)]
struct Options {
    input: String,
    folder: Option<String>,
    time: Option<Duration>,
}

pub fn run(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    finish(run_command(context, arguments))
}

fn run_command(context: &Context<'_>, arguments: &[Value]) -> Outcome<Value> {
    let command = read::text(RUN, arguments, 0)?.as_str();
    let words = words(arguments)?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let options = match arguments.get(2) {
        Some(_) => options(read::map(RUN, arguments, 2)?)?,
        None => Options::default(),
    };
    let order =
        Order { command, arguments: &words, input: &options.input, folder: options.folder.as_deref() };
    let begun = Instant::now();
    let started = context.grants().start(&order).map_err(|failure| ending(context, command, failure))?;
    let process = wait(started, (command, begun, options.time), context)?;
    let (code, output, errors) = process.finish();
    Ok(map([
        ("code", Value::Int(code.into())),
        ("stdout", text(output, command, "output")?),
        ("stderr", text(errors, command, "errors")?),
    ]))
}

/// Waits for the end of a process, which is ended where this fails.
fn wait(
    mut process: Process,
    (command, begun, time): (&str, Instant, Option<Duration>),
    context: &Context<'_>,
) -> Outcome<Process> {
    loop {
        let advanced = process.advance(context.host.patience());
        if advanced.map_err(|error| ending(context, command, Failure::System(error)))? {
            return Ok(process);
        }
        // Both this and the texts that are made of it are there for a while.
        size::check(2 * process.written())?;
        context.poll()?;
        if let Some(time) = time.filter(|time| begun.elapsed() >= *time) {
            let message = format!("{} took longer than the {time:?} that it may take", quote(command));
            return Err(refused(ErrorCode::Timeout, message));
        }
    }
}

fn words(arguments: &[Value]) -> Result<Vec<String>, Fault> {
    let list = read::array(RUN, arguments, 1)?;
    let word = |position| match list.get(position) {
        Some(Value::Text(text)) => Ok(text.as_str().to_owned()),
        other => {
            let found = other.unwrap_or_default().kind().describe();
            let message = format!(
                "`{}` takes an array of strings, found {found} at position {position}",
                RUN.row().name
            );
            Err(Fault::new(ErrorCode::TypeError, message))
        }
    };
    (0..list.len()).map(word).collect()
}

fn options(map: &Map) -> Result<Options, Fault> {
    let mut options = Options::default();
    for (key, value) in map.iter() {
        match (key.to_text().as_str(), value) {
            ("stdin", Value::Text(text)) => text.as_str().clone_into(&mut options.input),
            ("cwd", Value::Text(text)) => options.folder = Some(text.as_str().to_owned()),
            ("timeoutMs", Value::Int(time @ 1..)) => {
                options.time = Some(Duration::from_millis(time.unsigned_abs()));
            }
            ("timeoutMs", Value::Int(time)) => {
                return Err(read::impossible(RUN, &format!("takes a positive `timeoutMs`, found {time}")));
            }
            (name @ ("stdin" | "cwd"), other) => return Err(wrong_option(name, "a string", other)),
            (name @ "timeoutMs", other) => return Err(wrong_option(name, "an int", other)),
            (name, _) => {
                let text = format!("has no option {}; it has stdin, cwd and timeoutMs", quote(name));
                return Err(read::impossible(RUN, &text));
            }
        }
    }
    Ok(options)
}

#[cold]
fn wrong_option(name: &str, expected: &str, found: &Value) -> Fault {
    let found = found.kind().describe();
    let message = format!("`{}` takes {expected} as its option `{name}`, found {found}", RUN.row().name);
    Fault::new(ErrorCode::TypeError, message)
}

fn text(bytes: Vec<u8>, command: &str, what: &str) -> Outcome<Value> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(size::text(&text).map(Value::Text)?),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let message = format!("the {what} of {} are not UTF-8 from byte {at} on", quote(command));
            Err(refused(ErrorCode::ValueError, message))
        }
    }
}
