//! Requests over HTTP, to the hosts that were granted and nowhere else.
//!
//! A [`Request`] runs in a thread of its own, because looking up names cannot be interrupted. Who started it takes its
//! [`Step`]s from the [`Exchange`], as long as they want to wait; dropping that ends the connection.
//!
//! Each place that a request goes to is checked anew, redirects as the first: the host by its name when the name is looked up, then
//! the addresses. The connection is made to these addresses, so that another answer to the same question changes nothing.
#![forbid(unsafe_code)]

mod exchange;
mod request;
mod resolver;
mod target;

pub use exchange::{Exchange, Head, Step};
pub use request::Request;
