//! Packed arrays that a program returned, lent to Python without a copy.

use std::ffi::{CStr, c_int, c_void};
use std::ptr;

use pyo3::exceptions::{PyBufferError, PyIndexError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::slice::PySliceIndices;
use pyo3::types::{PyList, PySlice, PySliceMethods};

/// The elements, owned by the Python object.
#[derive(Debug)]
pub(crate) enum Items {
    Int(Vec<i64>),
    Float(Vec<f64>),
    Bool(Vec<bool>),
}

/// The items at positions that exist.
fn pick<T: Copy>(items: &[T], positions: impl Iterator<Item = usize>) -> Vec<T> {
    positions.filter_map(|position| items.get(position).copied()).collect()
}

/// A packed array that a program returned: a read-only sequence that lends its memory as a buffer.
#[pyclass(frozen, module = "alas_core")]
pub(crate) struct PackedArray {
    items: Items,
    /// The number of elements, where Python can point to it.
    shape: [ffi::Py_ssize_t; 1],
    stride: [ffi::Py_ssize_t; 1],
}

impl PackedArray {
    pub(crate) fn new(items: Items) -> Self {
        let (length, stride) = match &items {
            Items::Int(items) => (items.len(), 8),
            Items::Float(items) => (items.len(), 8),
            Items::Bool(items) => (items.len(), 1),
        };
        Self { items, shape: [length.cast_signed()], stride: [stride] }
    }

    pub(crate) fn len(&self) -> usize {
        self.shape[0].cast_unsigned()
    }

    pub(crate) fn to_list<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        match &self.items {
            Items::Int(items) => PyList::new(py, items),
            Items::Float(items) => PyList::new(py, items),
            Items::Bool(items) => PyList::new(py, items),
        }
    }

    fn format(&self) -> &'static CStr {
        match self.items {
            Items::Int(_) => c"q",
            Items::Float(_) => c"d",
            Items::Bool(_) => c"?",
        }
    }

    fn start(&self) -> *mut c_void {
        match &self.items {
            Items::Int(items) => items.as_ptr().cast_mut().cast(),
            Items::Float(items) => items.as_ptr().cast_mut().cast(),
            Items::Bool(items) => items.as_ptr().cast_mut().cast(),
        }
    }
}

#[pymethods]
impl PackedArray {
    fn __len__(&self) -> usize {
        self.len()
    }

    /// One element for a position, another packed array for a slice.
    fn __getitem__<'py>(&self, py: Python<'py>, index: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        if let Ok(slice) = index.cast::<PySlice>() {
            let PySliceIndices { start, step, slicelength, .. } = slice.indices(self.shape[0])?;
            let positions =
                (0..slicelength.cast_signed()).map(|number| (start + number * step).cast_unsigned());
            let items = match &self.items {
                Items::Int(items) => Items::Int(pick(items, positions)),
                Items::Float(items) => Items::Float(pick(items, positions)),
                Items::Bool(items) => Items::Bool(pick(items, positions)),
            };
            return Ok(Bound::new(py, Self::new(items))?.into_any());
        }
        let index: isize = index.extract()?;
        let length = self.shape[0];
        let position = if index < 0 { index + length } else { index };
        if !(0..length).contains(&position) {
            let message = format!("position {index} is outside an array of {length} elements");
            return Err(PyIndexError::new_err(message));
        }
        let position = position.cast_unsigned();
        Ok(match &self.items {
            Items::Int(items) => items[position].into_pyobject(py)?.into_any(),
            Items::Float(items) => items[position].into_pyobject(py)?.into_any(),
            Items::Bool(items) => items[position].into_pyobject(py)?.to_owned().into_any(),
        })
    }

    fn tolist<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        self.to_list(py)
    }

    fn __repr__(&self) -> String {
        let kind = match self.items {
            Items::Int(_) => "int",
            Items::Float(_) => "float",
            Items::Bool(_) => "bool",
        };
        format!("<PackedArray of {} {kind}>", self.shape[0])
    }

    /// # Safety
    ///
    /// Called by Python with a view to fill in.
    unsafe fn __getbuffer__(slf: Bound<'_, Self>, view: *mut ffi::Py_buffer, flags: c_int) -> PyResult<()> {
        if view.is_null() {
            return Err(PyBufferError::new_err("there is no view to fill in"));
        }
        if flags & ffi::PyBUF_WRITABLE == ffi::PyBUF_WRITABLE {
            return Err(PyBufferError::new_err("values never change: ask for a read-only view, or copy"));
        }
        let array = slf.get();
        let wants = |flag: c_int| flags & flag == flag;
        // SAFETY: Python passes a view that it owns. The pointers stay valid as long as the array does, and the view
        // holds a reference to it until it is released; the array is frozen, so that nothing moves.
        unsafe {
            (*view).buf = array.start();
            (*view).len = array.shape[0] * array.stride[0];
            (*view).readonly = 1;
            (*view).itemsize = array.stride[0];
            (*view).format =
                if wants(ffi::PyBUF_FORMAT) { array.format().as_ptr().cast_mut() } else { ptr::null_mut() };
            (*view).ndim = 1;
            (*view).shape =
                if wants(ffi::PyBUF_ND) { array.shape.as_ptr().cast_mut() } else { ptr::null_mut() };
            (*view).strides =
                if wants(ffi::PyBUF_STRIDES) { array.stride.as_ptr().cast_mut() } else { ptr::null_mut() };
            (*view).suboffsets = ptr::null_mut();
            (*view).internal = ptr::null_mut();
            (*view).obj = slf.into_any().into_ptr();
        }
        Ok(())
    }
}
