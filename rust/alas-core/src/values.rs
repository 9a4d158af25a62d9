//! Values, from Python and to Python.

use std::time::Instant;

use alas_engine::ErrorCode;
use alas_engine::value::{Array, Elements, Key, Map, Text, Value};
use pyo3::buffer::PyBuffer;
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyList, PyMemoryView, PyString, PyTuple};

use crate::errors::{early_error, raised_text};
use crate::packed::{Items, PackedArray};

/// Values nested deeper than this do not cross: Python itself could not print or compare them.
const MAX_DEPTH: usize = 1000;

/// A Python object as a value.
///
/// # Errors
///
/// `type_error` for objects without a counterpart, `value_error` for ints beyond 64 bits, texts that are not Unicode and
/// values that are nested too deep or hold themselves.
pub(crate) fn from_python(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    convert(object, 0)
}

/// Does what [`from_python`] does, into a place. An int, the most frequent, is written there at once: handing it over by
/// memory would cost more than converting it.
///
/// # Errors
///
/// As for [`from_python`].
#[inline(always)]
#[expect(clippy::inline_always, reason = "otherwise it is handed over by memory")]
pub(crate) fn put_from_python(object: &Bound<'_, PyAny>, place: &mut Value) -> PyResult<()> {
    if let Ok(object) = object.cast_exact::<PyInt>()
        && let Ok(value) = object.extract()
    {
        *place = Value::Int(value);
    } else {
        *place = from_python(object)?;
    }
    Ok(())
}

fn convert(object: &Bound<'_, PyAny>, depth: usize) -> PyResult<Value> {
    let py = object.py();
    if depth > MAX_DEPTH {
        return Err(early_error(
            py,
            ErrorCode::ValueError,
            format!("the value is nested more than {MAX_DEPTH} deep"),
        ));
    }
    if object.is_none() {
        Ok(Value::Void)
    } else if let Ok(value) = object.cast_exact::<PyInt>() {
        int(value)
    } else if let Ok(value) = object.cast::<PyFloat>() {
        Ok(Value::Float(value.value()))
    } else if let Ok(text) = object.cast::<PyString>() {
        string(text).map(Value::Text)
    } else if let Ok(value) = object.cast::<PyBool>() {
        Ok(Value::Bool(value.is_true()))
    } else if let Ok(list) = object.cast::<PyList>() {
        let items: PyResult<Vec<Value>> = list.iter().map(|item| convert(&item, depth + 1)).collect();
        items.map(|items| Value::Array(Array::from_values(items)))
    } else if let Ok(tuple) = object.cast::<PyTuple>() {
        let items: PyResult<Vec<Value>> = tuple.iter().map(|item| convert(&item, depth + 1)).collect();
        items.map(|items| Value::Array(Array::from_values(items)))
    } else if let Ok(dictionary) = object.cast::<PyDict>() {
        let mut map = Map::with_capacity(dictionary.len());
        // The entries are taken first, because converting one may run code that changes the dict.
        for entry in dictionary.items().iter() {
            let entry = entry.cast_into::<PyTuple>()?;
            map.put(key(&entry.get_item(0)?)?, convert(&entry.get_item(1)?, depth + 1)?);
        }
        Ok(Value::Map(map))
    } else if let Ok(value) = object.cast::<PyInt>() {
        int(value)
    } else if let Some(plain) = scalar(object)? {
        convert(&plain, depth + 1)
    } else if let Ok(view) = PyMemoryView::from(object) {
        buffer(object, &view).map(Value::Array)
    } else if object.hasattr("__index__")? {
        index(object)
    } else {
        let kind = object.get_type().name()?;
        let message =
            format!("an ALaS value is an int, float, bool, str, None, list, dict or buffer, found {kind}");
        Err(early_error(py, ErrorCode::TypeError, message))
    }
}

fn int(object: &Bound<'_, PyInt>) -> PyResult<Value> {
    object.extract::<i64>().map(Value::Int).map_err(|_| {
        early_error(object.py(), ErrorCode::ValueError, "an int has 64 bits, found one beyond that range")
    })
}

/// The int that an object stands for.
fn index(object: &Bound<'_, PyAny>) -> PyResult<Value> {
    let py = object.py();
    match py.import("operator")?.call_method1("index", (object,)) {
        Ok(number) => int(number.cast()?),
        Err(error) if error.is_instance_of::<PyException>(py) => {
            let kind = object.get_type().name()?;
            let message = format!("the {kind} has no int to give: {}", raised_text(py, &error));
            let failure = early_error(py, ErrorCode::ValueError, message);
            failure.set_cause(py, Some(error));
            Err(failure)
        }
        Err(error) => Err(error),
    }
}

fn string(text: &Bound<'_, PyString>) -> PyResult<Text> {
    let py = text.py();
    let text = text.to_str().map_err(|_| {
        early_error(py, ErrorCode::ValueError, "a string holds lone surrogates, which are no characters")
    })?;
    if text.len() > Text::MAX_LENGTH {
        return Err(early_error(
            py,
            ErrorCode::MemoryLimitExceeded,
            "a string is longer than the engine supports",
        ));
    }
    Ok(Text::new(text))
}

/// A key of a dict: text, or what a program could use as a key.
fn key(object: &Bound<'_, PyAny>) -> PyResult<Key> {
    if let Ok(text) = object.cast::<PyString>() {
        return string(text).map(Key::from_text);
    }
    match convert(object, 0)? {
        Value::Int(value) => Ok(Key::Int(value)),
        value @ (Value::Float(_) | Value::Bool(_)) => {
            let mut text = String::new();
            alas_engine::value::write_text(&value, &mut text);
            Ok(Key::from_text(Text::new(&text)))
        }
        other => {
            let message = format!("a key is a str, int, float or bool, found {}", other.kind().as_str());
            Err(early_error(object.py(), ErrorCode::TypeError, message))
        }
    }
}

/// A buffer of numbers as a packed array, copied once.
fn buffer(object: &Bound<'_, PyAny>, view: &Bound<'_, PyMemoryView>) -> PyResult<Array> {
    let py = object.py();
    let format: String = view.getattr("format")?.extract()?;
    let dimensions: usize = view.getattr("ndim")?.extract()?;
    if dimensions != 1 {
        let message = format!(
            "an array has one dimension, found a buffer with {dimensions}: flatten it, or pass its rows"
        );
        return Err(early_error(py, ErrorCode::TypeError, message));
    }
    let foreign = if cfg!(target_endian = "little") { ['>', '!'] } else { ['<', '<'] };
    if format.starts_with(foreign) {
        let message = format!(
            "numbers are taken in this machine's byte order, found the other one (format `{format}`): \
             convert them, with NumPy by `array.astype(array.dtype.newbyteorder(\"=\"))`"
        );
        return Err(early_error(py, ErrorCode::TypeError, message));
    }
    /// Copies a buffer of one element type, each element widened.
    macro_rules! copied {
        ($element:ty, $wide:ty, $form:ident) => {
            if let Ok(buffer) = PyBuffer::<$element>::get(object) {
                let items = buffer.to_vec(py)?.into_iter().map(<$wide>::from).collect();
                return Ok(Array::new(Elements::$form(items)));
            }
        };
    }
    if let Ok(buffer) = PyBuffer::<f64>::get(object) {
        return buffer.to_vec(py).map(Array::from);
    }
    if let Ok(buffer) = PyBuffer::<i64>::get(object) {
        return buffer.to_vec(py).map(Array::from);
    }
    if let Ok(buffer) = PyBuffer::<u64>::get(object) {
        return signed(py, buffer.to_vec(py)?);
    }
    if format == "?" {
        let bytes: PyBuffer<u8> = PyBuffer::get(view.call_method1("cast", ("B",))?.as_any())?;
        let items = bytes.to_vec(py)?.into_iter().map(|item| item != 0).collect();
        return Ok(Array::new(Elements::Bool(items)));
    }
    copied!(f32, f64, Float);
    copied!(i32, i64, Int);
    copied!(u32, i64, Int);
    copied!(i16, i64, Int);
    copied!(u16, i64, Int);
    copied!(i8, i64, Int);
    copied!(u8, i64, Int);
    let message =
        format!("a buffer holds ints, floats of 4 or 8 bytes, or bools, found the format `{format}`");
    Err(early_error(py, ErrorCode::TypeError, message))
}

/// Unsigned numbers as ints, if all of them fit.
fn signed(py: Python<'_>, items: Vec<u64>) -> PyResult<Array> {
    let items: Result<Vec<i64>, _> = items.into_iter().map(i64::try_from).collect();
    items.map(Array::from).map_err(|_| {
        early_error(py, ErrorCode::ValueError, "an int has 64 bits and a sign, found one beyond that range")
    })
}

/// The plain Python number of an object that holds one, such as a `NumPy` scalar.
fn scalar<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let is_scalar =
        object.hasattr("item")? && object.getattr("ndim").is_ok_and(|ndim| ndim.eq(0).unwrap_or(false));
    if !is_scalar {
        return Ok(None);
    }
    // What has no plain counterpart, such as a long double, gives itself.
    let plain = object.call_method0("item")?;
    Ok((!plain.get_type().is(object.get_type())).then_some(plain))
}

/// How results become Python objects.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    /// Arrays of ints, floats or bools stay packed.
    pub(crate) packed: bool,
}

/// A value as a Python object.
///
/// # Errors
///
/// `type_error` for a task, `value_error` for values that are nested too deep; `memory_limit_exceeded` for those that would take more than
/// [`MAX_BYTES`], which a small value can that holds its parts many times; `timeout` when that takes until after `deadline`; what
/// a handler of a signal raises.
pub(crate) fn to_python(
    py: Python<'_>,
    value: Value,
    style: Style,
    deadline: Option<Instant>,
) -> PyResult<Py<PyAny>> {
    Giving { py, style, bytes: 0, unseen: 0, deadline }.give(value, 0)
}

/// What the objects of one result may take together, about.
const MAX_BYTES: usize = 1 << 30;

/// What a list or dict takes beside its content, about, with what Python's collector needs for it.
const CONTAINER: usize = 256;

/// What a number takes, with its place in a list, about.
const NUMBER: usize = 40;

/// What a text takes beside its characters, with its place in a list, about.
const TEXT: usize = 64;

/// What an entry of a dict takes beside its value, about.
const ENTRY: usize = 100;

/// How many bytes are made between two looks whether to go on.
const STRIDE: usize = 1 << 18;

/// A conversion under way.
struct Giving<'py> {
    py: Python<'py>,
    style: Style,
    /// What the objects made so far take, about.
    bytes: usize,
    /// Those of them that were made since the last look.
    unseen: usize,
    deadline: Option<Instant>,
}

impl Giving<'_> {
    fn charge(&mut self, bytes: usize) -> PyResult<()> {
        self.bytes += bytes;
        self.unseen += bytes;
        if self.unseen >= STRIDE {
            self.unseen = 0;
            self.py.check_signals()?;
            if self.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                let message = "the call took longer than it may take, while its result became Python objects";
                return Err(early_error(self.py, ErrorCode::Timeout, message));
            }
        }
        if self.bytes > MAX_BYTES {
            let message =
                format!("the result would take more than {} MiB as Python objects", MAX_BYTES >> 20);
            return Err(early_error(self.py, ErrorCode::MemoryLimitExceeded, message));
        }
        Ok(())
    }

    fn give(&mut self, value: Value, depth: usize) -> PyResult<Py<PyAny>> {
        let py = self.py;
        if depth > MAX_DEPTH {
            let message = format!("the result is nested more than {MAX_DEPTH} deep");
            return Err(early_error(py, ErrorCode::ValueError, message));
        }
        Ok(match value {
            Value::Void => py.None(),
            Value::Bool(value) => PyBool::new(py, value).to_owned().into_any().unbind(),
            Value::Int(value) => value.into_pyobject(py)?.into_any().unbind(),
            Value::Float(value) => PyFloat::new(py, value).into_any().unbind(),
            Value::Text(text) => {
                self.charge(TEXT + text.as_str().len())?;
                PyString::new(py, text.as_str()).into_any().unbind()
            }
            Value::Array(array) => {
                // The copy that Python gets is none that an update made.
                let elements =
                    if array.header().is_unique() { array.into_elements() } else { array.elements().clone() };
                self.give_elements(elements, depth)?
            }
            Value::Map(map) => {
                self.charge(CONTAINER + map.len() * ENTRY)?;
                let dictionary = PyDict::new(py);
                for (key, value) in map.iter() {
                    dictionary.set_item(key.to_text().as_str(), self.give(value.clone(), depth + 1)?)?;
                }
                dictionary.into_any().unbind()
            }
            Value::Task(_) => {
                let message =
                    "a task cannot leave the call that started it: await it, and return what it gives";
                return Err(early_error(py, ErrorCode::TypeError, message.to_owned()));
            }
        })
    }

    fn give_elements(&mut self, elements: Elements, depth: usize) -> PyResult<Py<PyAny>> {
        let py = self.py;
        let packed = match elements {
            Elements::Any(items) => return self.give_list(items, depth),
            Elements::Int(items) => Items::Int(items),
            Elements::Float(items) => Items::Float(items),
            Elements::Bool(items) => Items::Bool(items),
        };
        let array = PackedArray::new(packed);
        if self.style.packed {
            return Ok(Py::new(py, array)?.into_any());
        }
        self.charge(CONTAINER + array.len() * NUMBER)?;
        Ok(array.to_list(py)?.into_any().unbind())
    }

    fn give_list(&mut self, items: Vec<Value>, depth: usize) -> PyResult<Py<PyAny>> {
        self.charge(CONTAINER + items.len() * NUMBER)?;
        let items: PyResult<Vec<Py<PyAny>>> =
            items.into_iter().map(|item| self.give(item, depth + 1)).collect();
        Ok(PyList::new(self.py, items?)?.into_any().unbind())
    }
}
