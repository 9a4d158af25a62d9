//! `io`: the console.

use alas_library::Builtin;
use alas_syntax::pieces;
use alas_value::{Value, account};

use crate::context::unwritten;
use crate::{Context, Fault, operators, size};

/// What has more bytes is written in pieces of so many.
const PIECE: usize = 1 << 20;

pub fn print(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = operators::to_text(std::mem::take(&mut arguments[0]), context.host)?;
    write(Builtin::IoPrint, context, text.as_str())
}

pub fn println(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = operators::to_text(std::mem::take(&mut arguments[0]), context.host)?;
    let text = text.as_str();
    if text.len() >= PIECE {
        write(Builtin::IoPrintln, context, text)?;
        return write(Builtin::IoPrintln, context, "\n");
    }
    // One write for the whole line, so that lines of programs that share an output do not mix.
    let mut line = String::with_capacity(text.len() + 1);
    line.push_str(text);
    line.push('\n');
    write(Builtin::IoPrintln, context, &line)
}

fn write(builtin: Builtin, context: &mut Context<'_>, text: &str) -> Result<Value, Fault> {
    let failed = |error| unwritten(&format!("`{}` cannot write to the output", builtin.row().name), error);
    for (number, piece) in pieces(text, PIECE).enumerate() {
        if number > 0 {
            context.poll()?;
        }
        context.host.console.write(piece).map_err(failed)?;
        if context.host.console.is_full() {
            context.host.flush()?;
        }
    }
    Ok(Value::Void)
}

pub fn read_line(context: &mut Context<'_>, _arguments: &mut [Value]) -> Result<Value, Fault> {
    let failed = |error| unwritten("`io.readLine` cannot read the input", error);
    // A question has to be seen before the answer is typed.
    context.host.flush()?;
    // On its way the line is there several times for a moment.
    let most = account::left() / 4;
    loop {
        let patience = context.host.patience();
        if context.host.console.await_line(patience, most).map_err(failed)? {
            break;
        }
        context.poll()?;
    }
    let line = context.host.console.read_line().map_err(failed)?.unwrap_or_default();
    size::text(&line).map(Value::Text)
}
