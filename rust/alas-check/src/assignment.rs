//! Definite assignment: which variables have a value on every path to the current statement.
//!
//! The state follows the text once. Entering a branch marks the state, leaving it takes back what the branch
//! assigned, and where branches meet, what both assigned is assigned again; each variable is handled once for
//! each branch around its assignment.

use crate::LocalId;

/// The variables that are assigned where the walk stands.
#[derive(Debug)]
pub(crate) struct Assigned {
    has_value: Vec<bool>,
    /// The assigned variables, in the order in which they became so.
    trail: Vec<LocalId>,
    reachable: bool,
}

/// The state before a branch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark {
    length: usize,
    reachable: bool,
}

/// What a branch did.
#[derive(Debug)]
pub(crate) struct Branch {
    assigned: Vec<LocalId>,
    reaches_end: bool,
}

impl Assigned {
    /// The state at the start of a function: its parameters are assigned.
    pub(crate) fn new(locals: usize, parameters: usize) -> Self {
        Self {
            has_value: (0..locals).map(|local| local < parameters).collect(),
            trail: Vec::new(),
            reachable: true,
        }
    }

    /// The variable has a value from here on.
    pub(crate) fn assign(&mut self, local: LocalId) {
        if let Some(has_value) = self.has_value.get_mut(local.0 as usize)
            && !*has_value
        {
            *has_value = true;
            self.trail.push(local);
        }
    }

    /// Whether the variable may be read. In a place that is never reached, every variable may.
    pub(crate) fn may_read(&self, local: LocalId) -> bool {
        !self.reachable || self.has_value.get(local.0 as usize).copied().unwrap_or(true)
    }

    /// Whether some path leads here.
    pub(crate) const fn is_reachable(&self) -> bool {
        self.reachable
    }

    /// No path leads on from here.
    pub(crate) const fn leave(&mut self) {
        self.reachable = false;
    }

    /// Marks the start of a branch.
    pub(crate) const fn enter(&self) -> Mark {
        Mark { length: self.trail.len(), reachable: self.reachable }
    }

    /// Goes back to the mark, as if the branch had not been taken.
    pub(crate) fn take_back(&mut self, mark: Mark) -> Branch {
        let assigned = self.trail.split_off(mark.length);
        for local in &assigned {
            self.has_value[local.0 as usize] = false;
        }
        let branch = Branch { assigned, reaches_end: self.reachable };
        self.reachable = mark.reachable;
        branch
    }

    /// Goes on behind two branches, one of which was taken. A branch that does not reach its end has no say.
    pub(crate) fn meet(&mut self, one: &Branch, other: &Branch) {
        match (one.reaches_end, other.reaches_end) {
            (false, false) => self.leave(),
            (true, false) => self.assign_all(&one.assigned),
            (false, true) => self.assign_all(&other.assigned),
            (true, true) => {
                for local in &one.assigned {
                    self.has_value[local.0 as usize] = true;
                }
                let both: Vec<LocalId> =
                    other.assigned.iter().copied().filter(|local| self.has_value[local.0 as usize]).collect();
                for local in &one.assigned {
                    self.has_value[local.0 as usize] = false;
                }
                self.assign_all(&both);
            }
        }
    }

    fn assign_all(&mut self, locals: &[LocalId]) {
        for local in locals {
            self.assign(*local);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: LocalId = LocalId(0);
    const B: LocalId = LocalId(1);

    fn branch(state: &mut Assigned, assign: &[LocalId], leaves: bool) -> Branch {
        let mark = state.enter();
        for local in assign {
            state.assign(*local);
        }
        if leaves {
            state.leave();
        }
        state.take_back(mark)
    }

    #[test]
    fn both_arms_have_to_assign() {
        let mut state = Assigned::new(2, 0);
        let one = branch(&mut state, &[A, B], false);
        let other = branch(&mut state, &[B], false);
        state.meet(&one, &other);
        assert!(!state.may_read(A) && state.may_read(B));
    }

    #[test]
    fn an_arm_that_leaves_counts_as_assigning_everything() {
        let mut state = Assigned::new(2, 0);
        let one = branch(&mut state, &[A], false);
        let other = branch(&mut state, &[], true);
        state.meet(&one, &other);
        assert!(state.is_reachable() && state.may_read(A) && !state.may_read(B));
    }

    #[test]
    fn behind_two_arms_that_leave_nothing_is_reached() {
        let mut state = Assigned::new(2, 0);
        let one = branch(&mut state, &[], true);
        let other = branch(&mut state, &[], true);
        state.meet(&one, &other);
        assert!(!state.is_reachable() && state.may_read(A));
    }

    #[test]
    fn what_a_loop_assigns_is_taken_back() {
        let mut state = Assigned::new(2, 1);
        branch(&mut state, &[A, B], false);
        assert!(state.may_read(A) && !state.may_read(B));
    }
}
