//! `io`: the console.

use std::io;
use std::time::Duration;

use alas_library::Builtin;
use alas_value::{Value, account};

use crate::{Context, ErrorCode, Fault, operators, size};

/// How long to wait for input before looking whether the program has to stop.
const PATIENCE: Duration = Duration::from_millis(4);

pub fn print(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = operators::to_text(std::mem::take(&mut arguments[0]), context.host)?;
    write(Builtin::IoPrint, context, text.as_str())
}

pub fn println(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = operators::to_text(std::mem::take(&mut arguments[0]), context.host)?;
    // One write for the whole line, so that lines of programs that share an output do not mix.
    let mut line = String::with_capacity(text.as_str().len() + 1);
    line.push_str(text.as_str());
    line.push('\n');
    write(Builtin::IoPrintln, context, &line)
}

fn write(builtin: Builtin, context: &mut Context<'_>, text: &str) -> Result<Value, Fault> {
    let failed = |error| failure(&format!("`{}` cannot write to the output", builtin.row().name), error);
    context.host.console.write(text).map_err(failed)?;
    Ok(Value::Void)
}

fn failure(what: &str, error: io::Error) -> Fault {
    let fault = match error.kind() {
        io::ErrorKind::OutOfMemory => size::no_room(),
        io::ErrorKind::Interrupted => {
            Fault::new(ErrorCode::Cancelled, format!("the program was stopped at the console: {error}"))
        }
        _ => Fault::new(ErrorCode::IoError, format!("{what}: {error}")),
    };
    fault.caused_by(error)
}

pub fn read_line(context: &mut Context<'_>, _arguments: &mut [Value]) -> Result<Value, Fault> {
    let failed = |error| failure("`io.readLine` cannot read the input", error);
    // On its way the line is there several times for a moment.
    let most = account::left() / 4;
    while !context.host.console.await_line(PATIENCE, most).map_err(failed)? {
        context.poll()?;
    }
    let line = context.host.console.read_line().map_err(failed)?.unwrap_or_default();
    size::text(&line).map(Value::Text)
}
