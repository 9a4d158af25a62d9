//! Tasks: calls of functions that run beside the call that starts them, in threads of their own.
//!
//! * A [`State`] is what a task's handle stands for: whether it waits, runs or has ended, and with what.
//! * A [`Crew`] is the threads that run the tasks of one call from the host, and of all tasks that these start. It ends with
//!   that call: what still runs then is cancelled, so that nothing outlives the limits under which it was started.
//!
//! Values belong to one thread. Arguments go to a task, and results come back, as copies
//! ([`Parcel`](alas_value::Parcel)). What limits the call holds for its tasks too: they end when it has to, and use its
//! steps and its memory ([`Inheritance`](crate::machine::Inheritance)).

mod crew;
mod state;

pub use crew::Tasks;
pub(crate) use crew::{Job, Until, pack, watched};
pub(crate) use state::{Outcome, State, TASK_BYTES};
