//! `json`: JSON texts to values and back.

use alas_library::Builtin;
use alas_syntax::Diagnostics;
use alas_syntax::json::{Kind, Limits, Node, read_text_while};
use alas_value::{Bounds, Key, Map, Text, Value, WriteError, account, write_json_within};

use super::{POLL_EVERY, read, result};
use crate::{Context, ErrorCode, Fault, changing, copying, size};

/// Values nested deeper are not written: nobody, [`parse`] included, could read them back.
const DEPTH: usize = Limits::MODULE.depth;

/// The widest indentation.
const INDENT: i64 = 16;

pub fn parse(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let text = read::text(Builtin::JsonParse, arguments, 0)?;
    let mut stopped = None;
    let most = account::left();
    let mut go_on = |bytes| {
        stopped = if bytes > most { Some(size::no_room()) } else { context.poll().err() };
        stopped.is_none()
    };
    let Some(outcome) = read_text_while(text.as_str(), Limits::MODULE, &mut go_on) else {
        return Err(stopped.unwrap_or_else(size::too_long));
    };
    match outcome {
        Ok(document) => {
            // The document is there until all values are.
            let mut reading = Reading { context, nodes: 0, bytes: document.size(), most };
            Ok(result::success(reading.value(document.root())?))
        }
        Err(diagnostics) => Ok(failure(&diagnostics)),
    }
}

/// The Result for a text that is not JSON: the first finding, with its place.
fn failure(diagnostics: &Diagnostics) -> Value {
    let Some(first) = diagnostics.0.first() else { unreachable!("a text that is not JSON has a finding") };
    let (line, column) = (first.location.line, first.location.column);
    let message = format!("line {line}, column {column}: {}", first.message);
    result::failure_with_code(&message, ErrorCode::ValueError.as_str())
}

/// Makes values of the nodes of a document. The recursion is bounded by the depth that the reader accepts.
struct Reading<'c, 'h> {
    context: &'c mut Context<'h>,
    nodes: usize,
    /// What the document and the values made so far take, about.
    bytes: usize,
    /// What they may take.
    most: usize,
}

impl Reading<'_, '_> {
    fn value(&mut self, node: Node<'_>) -> Result<Value, Fault> {
        self.nodes += 1;
        if self.nodes.is_multiple_of(POLL_EVERY) {
            self.context.poll()?;
            // A value takes more memory than its text: the objects of nested arrays and maps add up.
            size::check_one(self.bytes)?;
            if self.bytes > self.most {
                return Err(size::no_room());
            }
        }
        self.bytes += size_of::<Value>();
        Ok(match node.kind() {
            Kind::Null => Value::Void,
            Kind::Bool => Value::Bool(node.as_bool().unwrap_or_default()),
            Kind::Int => Value::Int(node.as_int().unwrap_or_default()),
            Kind::Float => Value::Float(node.as_float().unwrap_or_default()),
            Kind::String => Value::Text(self.text(node)?),
            Kind::Array => {
                self.bytes += 64;
                let items =
                    node.elements().map(|element| self.value(element)).collect::<Result<Vec<_>, _>>()?;
                Value::Array(copying::packed(items, self.context.host)?)
            }
            Kind::Object => {
                self.bytes += 64;
                let mut map = Map::new();
                for member in node.members() {
                    let key = Key::from_text(self.text(member.key)?);
                    let value = self.value(member.value)?;
                    changing::put(&mut map, key, value, self.context.host)?;
                }
                Value::Map(map)
            }
        })
    }

    fn text(&mut self, node: Node<'_>) -> Result<Text, Fault> {
        let text = node.as_str().unwrap_or_default();
        self.bytes += 40 + text.len();
        copying::text(&text, self.context.host)
    }
}

pub fn stringify(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::JsonStringify;
    let indent = if arguments.len() > 1 { read::int(builtin, arguments, 1)? } else { 0 };
    let Some(spaces) = usize::try_from(indent).ok().filter(|_| indent <= INDENT) else {
        return Err(read::impossible(
            builtin,
            &format!("takes an indent from 0 to {INDENT}, found {indent}"),
        ));
    };
    let mut out = String::new();
    let mut stopped = None;
    let mut watch = || {
        stopped = context.poll().err();
        stopped.is_none()
    };
    let mut bounds = Bounds { depth: DEPTH, length: size::most(), watch: &mut watch };
    let written = write_json_within(&arguments[0], Some(spaces), &mut bounds, &mut out);
    match written {
        Ok(()) => copying::text(&out, context.host).map(Value::Text),
        Err(WriteError::NotFinite) => Err(read::impossible(
            builtin,
            "found NaN or an infinity in the value, for which JSON has no number",
        )),
        Err(WriteError::Task) => {
            let message =
                format!("`{}` found a task in the value, for which JSON has no form", builtin.row().name);
            Err(Fault::new(ErrorCode::TypeError, message))
        }
        Err(WriteError::TooDeep) => Err(read::impossible(
            builtin,
            &format!("takes values nested up to {DEPTH} deep, found a deeper one"),
        )),
        Err(WriteError::TooLong | WriteError::Stopped) => Err(stopped.unwrap_or_else(size::too_long)),
    }
}
