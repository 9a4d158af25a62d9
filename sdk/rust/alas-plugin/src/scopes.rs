//! Which scopes of a call are open, and which of them can be closed.

use std::cell::Cell;

/// The open scopes of a call.
pub(crate) struct Scopes {
    /// The innermost; the call itself is the scope 0.
    depth: Cell<usize>,
    /// Scopes that are deeper than this stay open until the scope of this depth ends, because they hold handles that
    /// belong to it. Scopes that were opened after such a handle was made are not concerned.
    kept: Cell<usize>,
}

/// No scope has to stay open.
const NONE: usize = usize::MAX;

impl Scopes {
    pub(crate) const fn new() -> Self {
        Self { depth: Cell::new(0), kept: Cell::new(NONE) }
    }

    /// Notes that a handle of the scope of this depth was made, in whatever scope is the innermost.
    pub(crate) fn keep(&self, depth: usize) {
        if depth < self.depth.get() {
            self.kept.set(self.kept.get().min(depth));
        }
    }

    /// Notes a further scope: its depth, and what ending it has to be told.
    pub(crate) fn open(&self) -> (usize, usize) {
        self.depth.set(self.depth.get() + 1);
        (self.depth.get(), self.kept.replace(NONE))
    }

    /// Notes that the innermost scope has ended, and says whether it can be closed.
    pub(crate) fn end(&self, kept_before: usize) -> bool {
        let (kept, around) = (self.kept.get(), self.depth.get() - 1);
        self.depth.set(around);
        // What belongs to the scope around this one does not keep that one open.
        let kept_around = if kept < around { kept } else { NONE };
        self.kept.set(kept_before.min(kept_around));
        kept > around
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_closed_unless_it_holds_what_belongs_outside() {
        let scopes = Scopes::new();
        let (outer, before_outer) = scopes.open();
        let (inner, before_inner) = scopes.open();
        assert_eq!((outer, inner), (1, 2));
        scopes.keep(inner);
        assert!(scopes.end(before_inner));
        let (_, before_inner) = scopes.open();
        scopes.keep(outer);
        assert!(!scopes.end(before_inner));
        assert!(scopes.end(before_outer));
    }

    #[test]
    fn what_belongs_to_the_call_keeps_all_scopes_around_it() {
        let scopes = Scopes::new();
        let (_, before_outer) = scopes.open();
        let (_, before_inner) = scopes.open();
        scopes.keep(0);
        assert!(!scopes.end(before_inner));
        // This one begins behind what is kept.
        let (_, before_second) = scopes.open();
        assert!(scopes.end(before_second));
        assert!(!scopes.end(before_outer));
        let (_, before_next) = scopes.open();
        assert!(scopes.end(before_next));
    }
}
