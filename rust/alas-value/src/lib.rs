//! The values of the language.
//!
//! A [`Value`] is sixteen bytes: a tag and a payload, which is a number, a bool or a counted pointer to a heap object.
//! Heap objects ([`Text`], [`Array`], [`Map`], [`Task`]) start with an eight-byte [`Header`](object::Header): reference count,
//! memory account, flags. Values never change as far as a program can tell; an operation that "changes" one consumes its
//! operand, works in place when the operand has no other holder, and otherwise copies, which [`account::copies`]
//! counts.
//!
//! Counts are not atomic: a value belongs to one thread.
//!
//! Whatever walks a value (dropping, comparing, writing) is iterative, because programs can nest values as deep as
//! memory allows.

pub mod account;
mod accounts;
mod array;
mod compare;
mod map;
mod measure;
mod number;
pub mod object;
mod parcel;
mod pool;
mod task;
mod text;
mod value;
mod write;

pub use accounts::Account;
pub use array::{Array, Elements};
pub use compare::{compare_numbers, equal, equal_in_pieces, order};
pub use map::{Key, KeyRef, Map};
pub use number::{Number, write_float, write_int};
pub use parcel::{CopyError, Parcel};
pub use pool::{Lease, Pool};
pub use task::{Task, Work};
pub use text::Text;
pub use value::{Kind, Tag, Value};
pub use write::{Bounds, WriteError, write_json, write_json_within, write_text, write_text_within};
